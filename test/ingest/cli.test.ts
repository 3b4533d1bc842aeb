/** `mercat import` as a person runs it: what it says, its exit codes, Ctrl-C in the middle, and beside a running server. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mercat, startedFolder, temporaryFolder } from '../cli/process.ts'

const header = 'campaign_id,message_id,customer_id,channel,event,occurred_at\n'
const event = (index: number) => `c,m${index},p,Email,sent,${new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString()}\n`

it('says what became of every row, and 3 when some were rejected', async () => {
  const folder = await temporaryFolder()
  const env = { MERCAT_DATA_DIR: join(folder, 'data') }
  const run = async (...args: string[]) => await mercat(args, env, { cwd: folder }).finished
  await run('account', 'create', 'acme', '--name', 'Acme')
  await writeFile(join(folder, 'good.csv'), header + event(1) + event(2))
  const good = await run('import', 'good.csv', '--account', 'acme')
  expect(good).toMatchObject({ code: 0 })
  expect(good.out).toMatch(/good\.csv: 2 rows read, 2 events stored/)
  expect(good.out).toMatch(/1 campaign was not known and stands under the id until imported as entities: c\n/)

  await writeFile(join(folder, 'mixed.csv'), `${header}${event(3)}c,m4,p,Fax,sent,2026-01-01T00:00:00Z\n`)
  const mixed = await run('import', 'mixed.csv', '--account', 'acme')
  expect(mixed).toMatchObject({ code: 3 })
  expect(mixed.out).toContain('2 rows read, 1 event stored')
  expect(mixed.out).toContain('rejected 1: channel is not one of')
  expect(JSON.parse(await readFile(join(folder, 'mixed.csv.rejected.ndjson'), 'utf8'))).toMatchObject({ line: 3, row: { channel: 'Fax' } })
  expect((await stat(join(folder, 'mixed.csv.rejected.ndjson'))).mode & 0o777).toBe(0o600)

  expect(await run('import', 'good.csv', '--account', 'acne')).toMatchObject({ code: 1, err: expect.stringContaining('Nearest: acme') as string })
  expect(await run('import', 'nothing.csv', '--account', 'acme')).toMatchObject({ code: 1, err: expect.stringContaining('nothing.csv cannot be read') as string })
})

it('stops on Ctrl-C, says how to go on, and does', async () => {
  const folder = await temporaryFolder()
  const env = { MERCAT_DATA_DIR: await startedFolder() }
  await mercat(['account', 'create', 'acme', '--name', 'Acme'], env).finished
  const parts = [header]
  for (let index = 0; index < 600_000; index++) parts.push(event(index))
  await writeFile(join(folder, 'big.csv'), parts.join(''))
  const started = mercat(['import', 'big.csv', '--account', 'acme'], env, { cwd: folder })
  await started.wrote('rows', 'err')
  started.process.kill('SIGINT')
  const stopped = await started.finished
  expect(stopped.code).not.toBe(0)
  expect(stopped.err).toContain('The import was stopped')
  expect(stopped.err).toContain('Give the same command again')
  const again = await mercat(['import', 'big.csv', '--account', 'acme'], env, { cwd: folder }).finished
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('600,000 events stored') as string })
})
