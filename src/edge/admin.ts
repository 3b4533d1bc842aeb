/** The local admin socket: lets the CLI run a command inside the server that holds the data folder. It only carries lines; what a command is, it does not know. */
import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { adminSocket, type ClientMessage, clientMessage, createLineReader, type ServerMessage } from '../core/admin.ts'
import type { Logger } from '../core/log.ts'

/** What a running command says, on its way to the caller. */
export interface AdminIo {
  readonly print: (text: string) => void
  readonly note: (text: string) => void
  readonly progress: (step: { label: string; done: number; of?: number | undefined; unit?: string | undefined }) => void
  readonly ask: (question: string, secret: boolean) => Promise<string>
}

/** Runs a command line and resolves to its exit code; never rejects. The signal aborts when the caller leaves or the server closes. */
export type RunCommand = (request: { argv: string[]; cwd: string }, io: AdminIo, signal: AbortSignal) => Promise<0 | 1 | 2 | 3>

export interface Admin {
  /** Stops the commands that run, waits for their end, and removes the socket. */
  readonly close: () => Promise<void>
}

const longestSocketPath = 103
const progressEvery = 100

/**
 * Listens on <data folder>/admin.sock. The caller holds the data folder's lock, so a socket file that exists is a dead process's.
 * Only the user the server runs as can connect (0600): who can, can read the stores' files anyway.
 */
export async function startAdmin({ dataFolder, run, log }: { dataFolder: string; run: RunCommand; log: Logger }): Promise<Admin> {
  const path = adminSocket(dataFolder)
  if (Buffer.byteLength(path) > longestSocketPath) {
    log.warn({ path }, 'the path of the data folder is too long for a local socket: commands cannot run while the server does')
    return { close: async () => {} }
  }
  await rm(path, { force: true })
  const running = new Map<Socket, { stop: AbortController; done: Promise<void> }>()
  const server = createServer((socket) => {
    const stop = new AbortController()
    const done = serve(socket, run, stop).finally(() => running.delete(socket))
    running.set(socket, { stop, done })
  })
  await listen(server, path)
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const { stop } of running.values()) stop.abort()
      await Promise.all([...running.values()].map(({ done }) => done))
      await closed
    },
  }
}

/** The file exists from the first moment with 0600: between bind and a later chmod another user could connect. */
async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    const before = process.umask(0o177)
    try {
      server.listen(path, resolve)
    } finally {
      process.umask(before)
    }
  })
  await chmod(path, 0o600)
}

/** One connection is one command. Resolves when the command has ended and the caller is gone. */
async function serve(socket: Socket, run: RunCommand, stop: AbortController): Promise<void> {
  const answers = createAnswers()
  const send = (message: ServerMessage) => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
  }
  const request = new Promise<{ argv: string[]; cwd: string } | undefined>((resolve) => {
    const heard = (message: ClientMessage) => {
      if (message.type === 'run') resolve({ argv: message.argv, cwd: message.cwd })
      else if (message.type === 'cancel') stop.abort()
      else answers.give(message)
    }
    const read = createLineReader((line) => heard(clientMessage.parse(JSON.parse(line))))
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      try {
        read(chunk)
      } catch {
        // Not our client: nothing it says is worth an answer.
        socket.destroy()
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      stop.abort()
      answers.end()
      resolve(undefined)
    })
    stop.signal.addEventListener('abort', () => {
      answers.end()
      resolve(undefined)
    })
  })
  const asked = await request
  if (!asked || stop.signal.aborted) {
    socket.destroy()
    return
  }
  const code = await run(
    asked,
    { print: (text) => send({ type: 'print', text }), note: (text) => send({ type: 'note', text }), progress: throttled(send), ask: answers.ask(send) },
    stop.signal,
  )
  send({ type: 'exit', code })
  await new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.end(resolve)))
}

/** Progress is reported for every batch; the wire needs ten a second, and each step's end. */
function throttled(send: (message: ServerMessage) => void): AdminIo['progress'] {
  let last = { label: '', at: 0 }
  return ({ label, done, of, unit }) => {
    const at = performance.now()
    if (label === last.label && done !== of && at - last.at < progressEvery) return
    last = { label, at }
    send({ type: 'progress', label, done, ...(of === undefined ? {} : { of }), ...(unit === undefined ? {} : { unit }) })
  }
}

/** Pairs each question with the next answer; a caller that has gone answers nothing. */
function createAnswers(): {
  ask: (send: (message: ServerMessage) => void) => AdminIo['ask']
  give: (message: Extract<ClientMessage, { type: 'answer' | 'no_answer' }>) => void
  end: () => void
} {
  let waiting: { resolve: (text: string) => void; reject: (error: Error) => void } | undefined
  let ended = false
  return {
    ask: (send) => (question, secret) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new Error('Stopped at a question.'))
        waiting = { resolve, reject }
        send({ type: 'ask', question, secret })
      }),
    give: (message) => {
      if (message.type === 'answer') waiting?.resolve(message.text)
      else waiting?.reject(new Error(message.reason))
      waiting = undefined
    },
    end: () => {
      ended = true
      waiting?.reject(new Error('Stopped at a question.'))
      waiting = undefined
    },
  }
}
