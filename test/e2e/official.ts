/** `npm start` as a person runs it, in a fresh data folder, and the people it makes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Person, PersonProvider } from '../clients/oauth.ts'

const root = resolve(import.meta.dirname, '../..')

export interface Official {
  readonly folder: string
  readonly origin: string
  /** All that stdout got. */
  readonly printed: () => string
  /** One of the first people, as they sign in. */
  readonly credentials: (name: string) => Person
  /** The OAuth side of a client, with one of them at its pages. */
  readonly person: (name: string) => PersonProvider
  /** Ctrl-C; resolves to the exit code. */
  readonly stop: () => Promise<number | null>
  /** Starts it again in the same folder. */
  readonly again: () => Promise<void>
  /** Removes the folder. */
  readonly remove: () => Promise<void>
}

/** The people that the first start in the folder made, as they sign in. @returns finds one by name */
export async function firstPeople(folder: string): Promise<(name: string) => Person> {
  const passwords = await readFile(join(folder, 'first-passwords.txt'), 'utf8')
  return (name) => {
    const line = passwords.split('\n').find((one) => one.startsWith(`${name}@example.com`)) ?? ''
    const [email = '', password = ''] = line.split(/\s+/)
    return { email, password }
  }
}

export async function startOfficial(): Promise<Official> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-e2e-'))
  let child: ChildProcess
  let printed = ''
  let origin = ''
  const start = () =>
    new Promise<void>((ready, failed) => {
      printed = ''
      let said = ''
      child = spawn('npm', ['start', '--silent'], { cwd: root, env: { PATH: process.env.PATH, HOME: process.env.HOME, MERCAT_DATA_DIR: folder, MERCAT_PORT: '0' }, detached: true })
      child.stdout?.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        origin = /is ready on (http:\/\/\S+)/.exec(printed)?.[1] ?? origin
        if (printed.includes('Stop with Ctrl-C.')) ready()
      })
      child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
      child.once('exit', (code) => failed(new Error(`npm start ended with ${code}: ${said.slice(-2000)}`)))
    })
  await start()
  const credentials = await firstPeople(folder)
  return {
    folder,
    get origin() {
      return origin
    },
    printed: () => printed,
    credentials,
    person: (name) => new PersonProvider(origin, credentials(name)),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
      // A terminal sends Ctrl-C to the whole group: npm, the launcher and the server.
      process.kill(-(child.pid ?? 0), 'SIGINT')
      return await ended
    },
    remove: () => rm(folder, { recursive: true, force: true }),
    again: start,
  }
}
