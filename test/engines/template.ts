/** Empty stores to copy: making them takes seconds, copying them 100 ms. One template a version of the schema and of the engine. */
import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { cpSync, existsSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readMigrations } from '../../src/storage/migrations.ts'
import { createLog } from '../../src/core/log.ts'
import { openJobs } from '../../src/storage/operational/jobs.ts'
import { openOperational } from '../../src/storage/operational/open.ts'

/** Puts a migrated, empty operational store into a folder that does not exist yet. */
export async function copyEmptyOperational(folder: string): Promise<void> {
  copy(await template('operational', ['@electric-sql/pglite', 'pg-boss'], makeOperational), folder)
}

/** Puts migrated, empty stores of both kinds into the data folder of an app: `operational` and `analytics`. */
export async function copyEmptyStores(dataFolder: string): Promise<void> {
  await copyEmptyOperational(join(dataFolder, 'operational'))
  copy(await template('analytics', ['chdb'], makeAnalytics), join(dataFolder, 'analytics'))
}

/** In one go: file by file, 1200 files cost four times the processor time. chDB's links lead to places beside them, in the copy too. */
const copy = (from: string, to: string) => cpSync(from, to, { recursive: true, verbatimSymlinks: true })

async function template(store: 'operational' | 'analytics', packages: readonly string[], make: (folder: string) => Promise<void>): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify([await readMigrations(store), ...(await Promise.all(packages.map(versionOf)))]))
  const folder = join(tmpdir(), `mercat-test-${store}-${process.getuid?.() ?? 0}-${key.digest('hex').slice(0, 16)}`)
  if (existsSync(folder)) return folder
  const making = `${folder}.${randomUUID()}`
  await make(making)
  // Another process may have been quicker; its template is as good.
  await rename(making, folder).catch(async () => await rm(making, { recursive: true, force: true }))
  return folder
}

async function versionOf(name: string): Promise<string> {
  const entry = createRequire(import.meta.url).resolve(name)
  const manifest = join(entry.slice(0, entry.lastIndexOf(join('node_modules', name))), 'node_modules', name, 'package.json')
  return (JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version
}

async function makeOperational(folder: string): Promise<void> {
  const store = await openOperational({ engine: 'pglite', folder })
  // Their tables too: making them takes as long as the rest.
  const jobs = openJobs(store, createLog('silent'))
  jobs.start([])
  await jobs.close()
  await store.close()
}

async function makeAnalytics(folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('make-analytics.ts', import.meta.url)), folder])
}
