/** The caller's side of the admin socket: sends a command line to the running server and plays back what it says. Knows nothing of the command. */
import { createConnection, type Socket } from 'node:net'
import { type ClientMessage, createLineReader, type ServerMessage, serverMessage } from '../core/admin.ts'
import { type ExitCode, exitCodes } from './define.ts'
import type { Io } from './io.ts'

/** Connects to a server's admin socket; undefined when none listens there. */
export function connectServer(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // ENOENT: never started; ECONNREFUSED: its process died; EINVAL and ENAMETOOLONG: the path cannot be a socket, so no server has one.
      if (['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'EINVAL', 'ENAMETOOLONG'].includes(error.code ?? '')) resolve(undefined)
      else reject(new Error(`The server's admin socket ${path} cannot be reached (${error.code ?? error.message}). Run the command as the user the server runs as.`))
    })
  })
}

/** Resolves to the command's exit code. When the signal aborts, the server is asked to stop the command, and its end is awaited. */
export function runRemote(socket: Socket, request: { argv: string[]; cwd: string }, io: Io, signal: AbortSignal): Promise<ExitCode> {
  return new Promise((resolve) => {
    let code: ExitCode | undefined
    const send = (message: ClientMessage) => {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
    }
    const cancel = () => send({ type: 'cancel' })
    const heard = async (message: ServerMessage): Promise<void> => {
      if (message.type === 'print') io.print(message.text)
      else if (message.type === 'note') io.note(message.text)
      else if (message.type === 'progress') io.progress(message)
      else if (message.type === 'exit') code = message.code
      else {
        const answer = await io.ask(message.question, message.secret).catch((error: Error) => error)
        send(typeof answer === 'string' ? { type: 'answer', text: answer } : { type: 'no_answer', reason: answer.message })
      }
    }
    const read = createLineReader((line) => void heard(serverMessage.parse(JSON.parse(line))))
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => read(chunk))
    socket.on('error', () => {})
    socket.on('close', () => {
      signal.removeEventListener('abort', cancel)
      if (code === undefined) {
        io.note(signal.aborted ? 'Stopped.' : 'error: The server stopped before the command ended. See its log, then run the command again: nothing is done twice.')
      }
      resolve(code ?? exitCodes.error)
    })
    signal.addEventListener('abort', cancel)
    send({ type: 'run', argv: request.argv, cwd: request.cwd })
    if (signal.aborted) cancel()
  })
}
