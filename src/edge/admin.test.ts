/** The admin socket, both ends of it: what the caller sees, who may connect, and what happens when either side goes away. */
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Io } from '../cli/io.ts'
import { connectServer, runRemote } from '../cli/remote.ts'
import { adminSocket } from '../core/admin.ts'
import { createLog } from '../core/log.ts'
import { type Admin, type RunCommand, startAdmin } from './admin.ts'

const log = createLog('silent', 'silent')
let folder: string
let admin: Admin | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-admin-'))
})
afterEach(async () => {
  await admin?.close()
  admin = undefined
  await rm(folder, { recursive: true, force: true })
})

async function serve(run: RunCommand): Promise<void> {
  admin = await startAdmin({ dataFolder: folder, run, log })
}

async function call(argv: string[], answers: Record<string, string> = {}, stop = new AbortController()) {
  const heard: string[] = []
  const io: Io = {
    print: (text) => {
      heard.push(`out ${text}`)
      if (text === 'begun') stop.abort()
    },
    note: (text) => heard.push(`err ${text}`),
    progress: ({ label, done, of, unit }) => heard.push(`progress ${label} ${done}/${of} ${unit}`),
    ask: async (question, secret) => {
      const answer = answers[question]
      if (answer === undefined) throw new Error(`nobody answers ${question}`)
      heard.push(`asked ${question} ${secret}`)
      return answer
    },
    close: () => {},
  }
  const socket = await connectServer(adminSocket(folder))
  if (!socket) throw new Error('no server')
  const code = await runRemote(socket, { argv, cwd: '/somewhere' }, io, stop.signal)
  return { code, heard }
}

test('a command runs in the server, and its caller sees all of it in order', async () => {
  await serve(async ({ argv, cwd }, io) => {
    io.print(`${argv.join(' ')} in ${cwd}`)
    io.note('a remark with a\nnew line and an ü')
    for (let done = 0; done <= 1000; done++) io.progress({ label: 'Rows', done, of: 1000, unit: 'rows' })
    io.print(`hello ${await io.ask('Name', false)}, ${await io.ask('Password', true)}`)
    return 3
  })
  const { code, heard } = await call(['import', 'a b.csv'], { Name: 'Ana', Password: 's3cret' })
  expect(code).toBe(3)
  const progress = heard.filter((line) => line.startsWith('progress'))
  expect(progress.at(-1)).toBe('progress Rows 1000/1000 rows')
  expect(progress.length).toBeLessThan(20)
  expect(heard.filter((line) => !line.startsWith('progress'))).toEqual([
    'out import a b.csv in /somewhere',
    'err a remark with a\nnew line and an ü',
    'asked Name false',
    'asked Password true',
    'out hello Ana, s3cret',
  ])
})

test('a caller without a terminal fails the question, not the server', async () => {
  await serve(async (_, io) => {
    await io.ask('Password', true).catch((error: Error) => io.note(error.message))
    return 1
  })
  expect(await call(['x'])).toEqual({ code: 1, heard: ['err nobody answers Password'] })
})

test('several commands run at the same time', async () => {
  await serve(async ({ argv }, io) => {
    io.print(argv.join())
    return 0
  })
  const all = await Promise.all(Array.from({ length: 20 }, (_, index) => call([String(index)])))
  expect(all.map(({ heard }) => heard[0])).toEqual(all.map((_, index) => `out ${index}`))
})

test('Ctrl-C at the caller stops the command and waits for its end', async () => {
  await serve(async (_, io, signal) => {
    io.print('begun')
    await once(signal, 'abort')
    io.print('cleaned up')
    return 1
  })
  expect(await call(['x'])).toEqual({ code: 1, heard: ['out begun', 'out cleaned up'] })
})

test('a caller that vanishes stops its command, even at a question', async () => {
  const ended = Promise.withResolvers<string>()
  await serve(async (_, io, signal) => {
    io.print('begun')
    await io.ask('Name', false).catch((error: Error) => ended.resolve(`${error.message} ${signal.aborted}`))
    return 1
  })
  const socket = createConnection(adminSocket(folder))
  socket.write(`${JSON.stringify({ type: 'run', argv: [], cwd: '/' })}\n`)
  await once(socket, 'data')
  socket.destroy()
  expect(await ended.promise).toBe('Stopped at a question. true')
})

test('a server that closes stops its commands; the caller gets their last words', async () => {
  const begun = Promise.withResolvers<void>()
  await serve(async (_, io, signal) => {
    begun.resolve()
    await once(signal, 'abort')
    io.note('Stopped.')
    return 1
  })
  const idle = await connectServer(adminSocket(folder))
  const running = call(['x'])
  await begun.promise
  await admin?.close()
  expect(await running).toEqual({ code: 1, heard: ['err Stopped.'] })
  expect(idle?.destroyed || (await once(idle!, 'close'))).toBeTruthy()
  expect(await connectServer(adminSocket(folder))).toBeUndefined()
})

test('only its own user can connect, a dead server’s socket is replaced, and nonsense is cut off', async () => {
  await writeFile(adminSocket(folder), '')
  await serve(async () => 0)
  expect((await stat(adminSocket(folder))).mode & 0o777).toBe(0o600)
  for (const nonsense of ['GET / HTTP/1.1\r\n\r\n', '{"type":"run"}\n', '{"type":"run","argv":[],"cwd":"/","more":1}\n', 'x'.repeat(3 << 20)]) {
    const socket = createConnection(adminSocket(folder))
    socket.on('error', () => {})
    socket.write(nonsense)
    await new Promise((closed) => socket.once('close', closed))
  }
  expect((await call(['x'])).code).toBe(0)
})

test('a path too long for a socket is said in the log, and is no server for a caller', async () => {
  const long = join(folder, 'x'.repeat(120))
  const warned = Promise.withResolvers<unknown>()
  const admin = await startAdmin({ dataFolder: long, run: async () => 0, log: { ...log, warn: warned.resolve } as unknown as typeof log })
  expect(await warned.promise).toEqual({ path: adminSocket(long) })
  expect(await connectServer(adminSocket(long))).toBeUndefined()
  await admin.close()
})
