/** docs/refusals.md names a test for each rule: the file is there, and so is the test. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

test('every rule has the test that it names', async () => {
  const text = await readFile(join(root, 'docs/refusals.md'), 'utf8')
  const rows = [...text.matchAll(/\| ((?:test|src)\/\S+\.test\.ts) › (.+) \|$/gm)].map(([, file = '', title = '']) => ({ file, title }))
  expect(rows.length).toBe(text.split('\n').filter((line) => /^\| (?!rule)/.test(line)).length)
  expect(rows.length).toBeGreaterThan(45)
  const missing: string[] = []
  for (const { file, title } of rows) {
    const source = await readFile(join(root, file), 'utf8').catch(() => '')
    if (!source.includes(`'${title}'`) && !source.includes(`describe('${title}`)) missing.push(`${file}: ${title}`)
  }
  expect(missing).toEqual([])
})
