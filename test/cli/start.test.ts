/** `mercat start` as real processes: the first and the second start, everything that can stop it from starting, and how it ends. */
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mercat, run, startedFolder, startServer, temporaryFolder } from './process.ts'

test('the first start makes the demo account and its people, the second is ready within five seconds', async () => {
  const folder = join(await temporaryFolder(), 'data')
  const env = { MERCAT_DATA_DIR: folder, MERCAT_PORT: '0' }
  const first = mercat(['start'], env)
  await first.wrote('Stop with Ctrl-C.')
  const origin = /is ready on (\S+)/.exec(first.out())?.[1]
  expect(first.out()).toContain(`  Connector    ${origin}/c/demo\n`)
  expect(first.out()).toContain(`claude mcp add --transport http mercat ${origin}/c/demo\n`)
  expect(first.err()).toContain('First start')

  const file = join(folder, 'first-passwords.txt')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const kept = await readFile(file, 'utf8')
  const shown = [...first.out().matchAll(/^ {2}(\S+@example\.com) +(\S+) +(.+)$/gm)]
  expect(shown.map(([, , , role]) => role)).toEqual(['super admin', 'owner', 'marketer', 'analyst', 'read only'])
  for (const [, email, password] of shown) expect(kept).toMatch(new RegExp(`^${email} +${password} `, 'm'))
  expect(new Set(shown.map(([, , password]) => password)).size).toBe(5)

  const page = await fetch(`${origin}/c/demo`, { headers: { accept: 'text/html' } })
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('/c/demo')])
  first.process.kill('SIGTERM')
  expect(await first.finished).toMatchObject({ code: 0, err: expect.stringMatching(/Stopped\.\n$/) })

  const second = mercat(['start'], env)
  await second.wrote('Stop with Ctrl-C.')
  // Processor time, which does not grow with what else the machine does; on an idle machine it is more than the time on the clock.
  const seconds = await processorSeconds(folder)
  console.log(`second start to ready: ${seconds.toFixed(1)} s of processor time`)
  expect(seconds).toBeLessThan(5)
  expect(second.out()).not.toContain('@example.com')
  second.process.kill('SIGINT')
  expect((await second.finished).code).toBe(0)
})

test('all configuration problems are told at once', async () => {
  const result = await run(['start'], { MERCAT_PROT: '1', MERCAT_PORT: 'abc', MERCAT_PUBLIC_URL: 'ftp://x', MERCAT_DATA_DIR: await temporaryFolder() })
  expect(result).toMatchObject({ code: 1, out: '' })
  expect(result.err).toContain('Configuration: 3 problems')
  for (const name of ['MERCAT_PROT is not a setting', 'MERCAT_PORT ', 'MERCAT_PUBLIC_URL must be']) expect(result.err).toContain(name)
  const plain = await run(['start'], { MERCAT_PUBLIC_URL: 'http://mercat.example.com', MERCAT_DATA_DIR: await temporaryFolder() })
  expect(plain).toMatchObject({ code: 1, err: expect.stringContaining('MERCAT_PUBLIC_URL must be https') })
})

test('a port that is taken is one clear sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const result = await run(['start'], { MERCAT_PORT: String(port), MERCAT_DATA_DIR: await temporaryFolder() })
  other.close()
  expect(result).toMatchObject({ code: 1, out: '' })
  expect(errors(result.err)).toEqual([expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${port} is taken.*MERCAT_PORT`))])
})

test('a data folder in use, or one that cannot be written, is one clear sentence', async () => {
  const folder = await startedFolder()
  await startServer(folder)
  const second = await run(['start'], { MERCAT_DATA_DIR: folder, MERCAT_PORT: '0' })
  expect(second).toMatchObject({ code: 1, out: '' })
  expect(errors(second.err)).toEqual([expect.stringMatching(/The data folder \S+ is in use by another process \(pid \d+\)\. Stop it, or set MERCAT_DATA_DIR/)])

  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  const unwritable = await run(['start'], { MERCAT_DATA_DIR: join(file, 'data'), MERCAT_PORT: '0' })
  expect(unwritable).toMatchObject({ code: 1, out: '' })
  expect(errors(unwritable.err)).toEqual([expect.stringMatching(/The data folder \S+ cannot be written \(.+\)\. Make it writable/)])
})

test('a store that does not answer is one clear sentence', async () => {
  const result = await run(['start'], {
    MERCAT_DATA_DIR: await temporaryFolder(),
    MERCAT_PORT: '0',
    MERCAT_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    MERCAT_SECRET: 'x'.repeat(40),
  })
  expect(result.code).toBe(1)
  expect(errors(result.err)).toHaveLength(1)
})

test('SIGTERM lets a running request end; idle connections do not hold it up', async () => {
  const server = await startServer(await startedFolder())
  const { port } = new URL(server.origin)
  const idle = connect(Number(port), '127.0.0.1')
  await once(idle, 'connect')
  const slow = connect(Number(port), '127.0.0.1')
  slow.write(`POST /c/nobody HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{`)
  // Proof that the server has read both connections: it answers a third one made after them.
  expect((await fetch(`${server.origin}/manifest.json`)).status).toBe(200)
  server.process.kill('SIGTERM')
  await server.wrote('Stopping', 'err')
  slow.write('}')
  const [answer] = (await once(slow, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 40[01] /)
  expect(await server.finished).toMatchObject({ code: 0 })
  idle.destroy()
  await expect(fetch(server.origin)).rejects.toThrow()
})

test('a second signal ends it at once', async () => {
  const server = await startServer(await startedFolder())
  const { port } = new URL(server.origin)
  const stuck = connect(Number(port), '127.0.0.1')
  stuck.write(`POST /c/nobody HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 9\r\n\r\n{`)
  stuck.on('error', () => {})
  expect((await fetch(`${server.origin}/manifest.json`)).status).toBe(200)
  server.process.kill('SIGINT')
  await server.wrote('Stopping', 'err')
  // Two signals within a second and a half are one Ctrl-C that came two ways.
  const again = setInterval(() => server.process.kill('SIGINT'), 200)
  const { code } = await server.finished
  clearInterval(again)
  expect(code).toBe(130)
})

/** What it says went wrong, without the steps before. */
function errors(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('Opening'))
}

/** User and system time of the process that has the data folder (proc(5): fields 14 and 15, in hundredths). */
async function processorSeconds(folder: string): Promise<number> {
  const pid = (await readFile(join(folder, 'lock.pid'), 'utf8')).trim()
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
