/** Commands as real processes: help, mistakes, and the same command with no server, inside a running one, and while one starts. */
import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mercat, run, startedFolder, startServer, temporaryFolder } from './process.ts'

const demo = (account: string) => ['demo', '--events', '5000', '--account', account]

test('help, version and mistakes open no store', async () => {
  const folder = join(await temporaryFolder(), 'data')
  const env = { MERCAT_DATA_DIR: folder }
  expect(await run([], env)).toMatchObject({ code: 0, out: expect.stringContaining('Usage: mercat'), err: '' })
  expect(await run(['help', 'demo'], env)).toMatchObject({ code: 0, out: expect.stringContaining('--events') })
  expect(await run(['--version'], env)).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  expect(await run(['strat'], env)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Did you mean start?') })
  expect(await run(['demo', '--evnets', '3'], env)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Did you mean --events?') })
  expect(await run(['demo', '--events', 'many'], env)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--events') })
  await expect(stat(folder)).rejects.toThrow('ENOENT')
})

test('a command works without a server, inside one, and again without', async () => {
  const folder = await temporaryFolder()
  const env = { MERCAT_DATA_DIR: folder }
  expect(await run(demo('alone'), env)).toMatchObject({ code: 0 })
  const server = await startServer(folder)
  expect((await stat(join(folder, 'admin.sock'))).mode & 0o777).toBe(0o600)
  const [one, two, same] = await Promise.all([run(demo('one'), env), run(demo('two'), env), run(demo('alone'), env)])
  for (const result of [one, two, same]) expect(result, result?.err).toMatchObject({ code: 0 })
  expect(same?.out).toContain('nothing to add')
  expect(await run(demo('no such name!'), env)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^error: .+\n$/) })
  server.process.kill('SIGTERM')
  expect(await server.finished).toMatchObject({ code: 0 })
  await expect(stat(join(folder, 'admin.sock'))).rejects.toThrow('ENOENT')
  for (const account of ['one', 'two']) expect((await run(demo(account), env)).out).toContain('nothing to add')
})

test('the first steps of the README work inside a server', async () => {
  const folder = await startedFolder()
  const env = { MERCAT_DATA_DIR: folder }
  const server = await startServer(folder)
  expect(server.out()).toContain('There is no account yet: mercat account create')
  const steps: [string[], string?][] = [
    [['account', 'create', 'shop', '--name', 'My shop', '--time-zone', 'Europe/Berlin', '--currency', 'EUR']],
    [['user', 'create', 'me@example.com', '--name', 'Me'], 'correct horse battery staple\ncorrect horse battery staple\n'],
    [['member', 'add', 'shop', 'me@example.com', '--role', 'owner']],
    [['import', join(folder, 'orders.csv'), '--account', 'shop']],
    [['account', 'mcp', 'shop', 'on']],
  ]
  await writeFile(join(folder, 'orders.csv'), 'order_id,customer_id,placed_at,amount,currency,status\n1,a,2026-01-05T10:00:00Z,12.50,EUR,paid\n')
  for (const [args, input = ''] of steps) {
    const result = await run(args, env, { input })
    expect(result, result.err).toMatchObject({ code: 0, out: expect.stringMatching(/\S/) })
  }
  expect(await run(['user', 'create', 'you@example.com', '--name', 'You'], env)).toMatchObject({ code: 1, err: expect.stringContaining('stdin has ended') })
  expect((await run(['member', 'list', 'shop'], env)).out).toContain('me@example.com')
  expect(await run(['account', 'create', 'shop', '--name', 'Again'], env)).toMatchObject({ code: 1, err: expect.stringMatching(/^error: There is already an account "shop"/) })
})

test('a command given while the server is still starting waits for it', async () => {
  const folder = await temporaryFolder()
  const server = mercat(['start'], { MERCAT_DATA_DIR: folder, MERCAT_PORT: '0', MERCAT_DEMO: '0' })
  await server.wrote('Opening the stores', 'err')
  const result = await run(demo('early'), { MERCAT_DATA_DIR: folder })
  expect(result, result.err).toMatchObject({ code: 0 })
  await server.wrote('Stop with Ctrl-C.')
})

test('Ctrl-C at a command in the server stops the command and not the server', async () => {
  const folder = await startedFolder()
  const server = await startServer(folder)
  const command = mercat(['demo', '--events', '3000000', '--account', 'big'], { MERCAT_DATA_DIR: folder })
  await command.wrote('people', 'err')
  command.process.kill('SIGINT')
  const result = await command.finished
  expect(result.code).toBe(1)
  expect(result.err).toContain('Stopped.')
  expect((await fetch(`${server.origin}/manifest.json`)).status).toBe(200)
})

test('a server that dies leaves a command with a clear end, and the next start works', async () => {
  const folder = await startedFolder()
  const server = await startServer(folder)
  const command = mercat(['demo', '--events', '3000000', '--account', 'big'], { MERCAT_DATA_DIR: folder })
  await command.wrote('people', 'err')
  const pid = Number(/pid (\d+)/.exec((await run(['start'], { MERCAT_DATA_DIR: folder, MERCAT_PORT: '0' })).err)?.[1])
  process.kill(pid, 'SIGKILL')
  expect(await command.finished).toMatchObject({ code: 1, err: expect.stringContaining('The server stopped before the command ended') })
  expect((await server.finished).code).toBe(137)
  const next = await startServer(folder)
  next.process.kill('SIGTERM')
  await once(next.process, 'close')
})
