/** The data folder: private, held by one process at a time, free again after any death of its process; both embedded stores survive kill -9. */
import { type ChildProcess, fork } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { holdFolder } from '../../src/storage/folder.ts'
import { openStores } from '../../src/storage/open.ts'
import { caught } from '../caught.ts'
import { startPostgres } from '../engines/postgres.ts'
import { copyEmptyOperational } from '../engines/template.ts'

let folder: string
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

const start = (task: string, place: string, options: object = {}): ChildProcess => {
  const child = fork(new URL('./child.ts', import.meta.url), [task, place], { execArgv: [], ...options })
  children.push(child)
  return child
}
const message = (child: ChildProcess) =>
  new Promise<Record<string, unknown>>((resolve, reject) => {
    child.once('message', (text) => resolve(text as Record<string, unknown>))
    child.once('exit', (code) => reject(new Error(`The process ended with ${code}`)))
  })
const ended = (child: ChildProcess) => new Promise<void>((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve())))

describe('the data folder', () => {
  test('is private, and made so when it was not', async () => {
    await chmod(folder, 0o755)
    holdFolder(folder).release()
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    holdFolder(join(folder, 'deep', 'data')).release()
    expect((await stat(join(folder, 'deep', 'data'))).mode & 0o777).toBe(0o700)
  })

  test('of two starts at once exactly one wins; the other says which process has it', async () => {
    await copyEmptyOperational(join(folder, 'operational'))
    for (let round = 0; round < 2; round++) {
      const pair = [start('hold', folder), start('hold', folder)]
      const answers = await Promise.all(pair.map(message))
      expect(answers.filter(({ open }) => open)).toHaveLength(1)
      const winner = pair[answers.findIndex(({ open }) => open)]
      expect(answers.find(({ open }) => !open)).toMatchObject({ name: 'DataFolderInUseError' })
      expect(await caught(openStores(readConfig({ MERCAT_DATA_DIR: folder })))).toMatchObject({
        name: 'DataFolderInUseError',
        pid: winner?.pid,
        message: `The data folder ${folder} is in use by another process (pid ${winner?.pid}). Stop it, or set MERCAT_DATA_DIR to another folder.`,
      })
      winner?.kill('SIGKILL')
      await Promise.all(pair.map(ended))
    }
  })

  test('is free at once after kill -9 and after a proper end, and not open twice in one process', async () => {
    const held = holdFolder(folder)
    expect(() => holdFolder(folder)).toThrow(/in use by another process/)
    held.release()
    await copyEmptyOperational(join(folder, 'operational'))
    const child = start('hold', folder)
    expect(await message(child)).toEqual({ open: true })
    child.send('close')
    await ended(child)
    expect(child.exitCode).toBe(0)
    holdFolder(folder).release()
  })

  test('that cannot be written is refused in one sentence', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(() => holdFolder(join(folder, 'file'))).toThrow(/^The data folder .*file cannot be written \(it is a file\)\. Make it writable/)
    expect(() => holdFolder(join(folder, 'file', 'data'))).toThrow(/a part of the path is a file/)
    if (process.getuid?.() !== 0) return
    // Root may write everywhere: another user tries.
    await mkdir(join(folder, 'closed'), { mode: 0o700 })
    await chmod(folder, 0o755)
    const child = start('hold', join(folder, 'closed'), { uid: 65534, gid: 65534 })
    expect(await message(child)).toMatchObject({ open: false, name: 'DataFolderUnwritableError', message: expect.stringContaining('permission denied') })
  })

  test('is not touched when both stores are servers', async () => {
    expect(
      await caught(
        openStores({
          MERCAT_DATA_DIR: join(folder, 'none'),
          MERCAT_DATABASE_URL: 'postgres://127.0.0.1:1/x',
          MERCAT_CLICKHOUSE_URL: 'http://127.0.0.1:1',
          MERCAT_CLICKHOUSE_CLUSTER: undefined,
        }),
      ),
    ).toMatchObject({
      name: 'StoreUnreachableError',
      message: 'PostgreSQL at 127.0.0.1:1 (MERCAT_DATABASE_URL) is not reachable.',
    })
    expect(await caught(stat(join(folder, 'none')))).toMatchObject({ code: 'ENOENT' })
  })
})

describe('embedded stores', () => {
  test('keep every acknowledged row through kill -9, five times', async () => {
    await copyEmptyOperational(join(folder, 'operational'))
    const config = readConfig({ MERCAT_DATA_DIR: folder })
    for (let round = 0; round < 5; round++) {
      let acknowledged = 0
      const child = start('write', folder)
      const wanted = 20 + round * 13
      await new Promise<void>((resolve) =>
        child.on('message', (text: { acknowledged: number }) => {
          acknowledged = text.acknowledged
          if (acknowledged === wanted) {
            child.kill('SIGKILL')
            resolve()
          }
        }),
      )
      await ended(child)
      const stores = await openStores(config)
      const kept = await stores.operational.db
        .selectFrom('installation')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .where('key', 'like', 'row-%')
        .executeTakeFirstOrThrow()
      const [items] = await stores.analytics.query<{ n: number; last: number }>('SELECT uniqExact(item_key) AS n, max(item_key) AS last FROM order_items')
      // At most one row of each store was being written and not yet acknowledged.
      for (const n of [kept.n, items?.n ?? 0]) {
        expect(n).toBeGreaterThanOrEqual(acknowledged)
        expect(n).toBeLessThanOrEqual(acknowledged + 1)
      }
      expect(items?.last).toBe(items?.n)
      await stores.operational.db.deleteFrom('installation').where('key', 'like', 'row-%').execute()
      await stores.analytics.deleteWhere('order_items', '1')
      await stores.close()
    }
  })

  test('a start that was killed while it made the operational store does not spoil the next', async () => {
    await mkdir(join(folder, 'operational.new', 'base'), { recursive: true })
    await writeFile(join(folder, 'operational.new', 'PG_VERSION'), '18')
    const stores = await openStores(readConfig({ MERCAT_DATA_DIR: folder }))
    expect(await stores.operational.db.selectFrom('users').selectAll().execute()).toEqual([])
    await stores.close()
  })

  test('newer than the code are refused, and nothing stays open', async () => {
    await copyEmptyOperational(join(folder, 'operational'))
    const config = readConfig({ MERCAT_DATA_DIR: folder })
    let stores = await openStores(config)
    await stores.analytics.insert('mercat_version', [{ version: 99, name: 'later' }])
    await stores.close()
    expect(await caught(openStores(config))).toMatchObject({
      name: 'StoreTooNewError',
      message: expect.stringMatching(/^The analytics store is at version 99, this Mercat knows \d+\. Start the newer Mercat/),
    })
    await rm(join(folder, 'analytics'), { recursive: true })
    stores = await openStores(config)
    await sql`INSERT INTO mercat_version (version, name) VALUES (99, 'later')`.execute(stores.operational.db)
    await stores.close()
    expect(await caught(openStores(config))).toMatchObject({ name: 'StoreTooNewError', message: expect.stringContaining('The operational store is at version 99') })
    holdFolder(folder).release()
  })
})

test('two processes migrate one PostgreSQL at once', async () => {
  const postgres = await startPostgres()
  const url = await postgres.database()
  expect(await Promise.all([start('migrate', url), start('migrate', url)].map(message))).toEqual([{ migrated: true }, { migrated: true }])
  await postgres.stop()
})
