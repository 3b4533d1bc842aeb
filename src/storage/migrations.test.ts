/** Reading the numbered SQL files. */
import { expect, test } from 'vitest'
import { pendingMigrations, readMigrations, StoreTooNewError, statementsOf } from './migrations.ts'

test('both stores have files without gaps, each with statements', async () => {
  for (const store of ['operational', 'analytics'] as const) {
    const migrations = await readMigrations(store)
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
    for (const { sql } of migrations) for (const statement of statementsOf(sql)) expect(statement).toMatch(/^(CREATE|ALTER|INSERT|UPDATE|DROP)\b/)
  }
})

test('statements end at a semicolon at the end of a line; comments go', () => {
  expect(statementsOf("-- head; not one\nCREATE TABLE a (x text); -- tail\nINSERT INTO a VALUES ('b;c',\n  'd');\n\n")).toEqual([
    'CREATE TABLE a (x text)',
    "INSERT INTO a VALUES ('b;c',\n  'd')",
  ])
})

test('a store that is newer than the code is refused', () => {
  const migrations = [1, 2, 3].map((number) => ({ number, name: '', sql: '' }))
  expect(pendingMigrations('analytics', migrations, 1).map(({ number }) => number)).toEqual([2, 3])
  expect(pendingMigrations('analytics', migrations, 3)).toEqual([])
  expect(() => pendingMigrations('analytics', migrations, 4)).toThrow(StoreTooNewError)
})
