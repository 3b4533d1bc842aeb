/**
 * ClickHouse over HTTP for tests: the server of MERCAT_TEST_CLICKHOUSE_URL when given, else a process of its own that answers
 * ClickHouse's HTTP interface with chDB behind it. Either way the official client's HTTP path runs for real.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@clickhouse/client'

export interface TestClickhouse {
  /** The URL of an empty database. */
  readonly url: string
  /** 'front' answers with chDB; 'server' is the given one. */
  readonly kind: 'front' | 'server'
  readonly stop: () => Promise<void>
}

export interface TestClickhouseFront extends TestClickhouse {
  /** Kills the process and starts another on the same port and data. `between` runs while it is down. */
  readonly restart: (between?: () => Promise<void>) => Promise<void>
  /** Holds the process still: it takes connections and bytes and answers none. `between` runs meanwhile. */
  readonly freeze: (between: () => Promise<void>) => Promise<void>
}

export async function startClickhouse(): Promise<TestClickhouse> {
  const given = process.env.MERCAT_TEST_CLICKHOUSE_URL
  if (!given) return await startClickhouseFront()
  const name = `mercat_test_${randomUUID().replaceAll('-', '')}`
  const client = createClient({ url: given })
  await client.command({ query: `CREATE DATABASE ${name}` })
  const url = new URL(given)
  url.pathname = `/${name}`
  return {
    url: url.href,
    kind: 'server',
    stop: async () => {
      await client.command({ query: `DROP DATABASE ${name} SYNC` })
      await client.close()
    },
  }
}

/** @param password when given, the front refuses requests without it (user `default`). */
export async function startClickhouseFront(password = ''): Promise<TestClickhouseFront> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-test-clickhouse-'))
  let child: ChildProcess
  let port = 0
  const start = async () => {
    child = fork(new URL('./clickhouse-front.ts', import.meta.url), [folder, String(port), password], { env: { PATH: process.env.PATH, UV_THREADPOOL_SIZE: '8' }, execArgv: [] })
    port = await new Promise<number>((resolve, reject) => {
      child.once('message', (message) => resolve(Number(message)))
      child.once('exit', (code) => reject(new Error(`The ClickHouse front ended with ${code}`)))
    })
  }
  const kill = async () => {
    const over = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await over
  }
  await start()
  return {
    url: `http://default:${password}@127.0.0.1:${port}/default`,
    kind: 'front',
    restart: async (between) => {
      await kill()
      await between?.()
      await start()
    },
    freeze: async (between) => {
      child.kill('SIGSTOP')
      try {
        await between()
      } finally {
        child.kill('SIGCONT')
      }
    },
    stop: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
