/** Numbered SQL files, forward only, shared by both stores. */
import { readdir, readFile } from 'node:fs/promises'
import { StoreTooNewError } from './errors.ts'

export { StoreTooNewError }

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

/** The store's migrations in order. A gap or a repeated number is a fault in the source tree. */
export async function readMigrations(store: 'operational' | 'analytics'): Promise<Migration[]> {
  const folder = new URL(`../../sql/${store}/`, import.meta.url)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return await Promise.all(
    names.map(async (name, index) => {
      const number = Number(name.slice(0, 4))
      if (number !== index + 1) throw new Error(`sql/${store}/${name} should be number ${index + 1}`)
      return { number, name, sql: await readFile(new URL(name, folder), 'utf8') }
    }),
  )
}

/** The migrations a store at `version` still lacks. Throws StoreTooNewError. */
export function pendingMigrations(store: 'operational' | 'analytics', migrations: readonly Migration[], version: number): Migration[] {
  if (version > migrations.length) throw new StoreTooNewError(store, version, migrations.length)
  return migrations.slice(version)
}

/** The statements of a file: ended by `;` at a line's end, comments dropped. */
export function statementsOf(sql: string): string[] {
  return sql
    .replace(/^\s*--.*$|\s+-- .*$/gm, '')
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter(Boolean)
}
