/** Runs `mercat` as a person does: a process of its own, through the launcher. For tests; every process it starts ends with the test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { copyEmptyOperational } from '../engines/template.ts'

const root = resolve(import.meta.dirname, '../..')

export interface Finished {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Started {
  readonly process: ChildProcess
  /** What it has written so far. */
  readonly out: () => string
  readonly err: () => string
  /** Resolves when the text has been written; rejects when the process ends without. */
  readonly wrote: (text: string, stream?: 'out' | 'err') => Promise<void>
  readonly finished: Promise<Finished>
}

/** An empty folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-cli-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A data folder that has been started once: making its operational store takes longer than most of what is tested in it. Removed after the test. */
export async function startedFolder(): Promise<string> {
  const folder = await temporaryFolder()
  await copyEmptyOperational(join(folder, 'operational'))
  return folder
}

/** @param env besides PATH and HOME; @param input written to stdin, which then ends */
export function mercat(args: string[], env: Record<string, string>, { cwd = root, input = '' }: { cwd?: string; input?: string } = {}): Started {
  const child = spawn(process.execPath, [join(root, 'bin/mercat.mjs'), ...args], { cwd, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } })
  child.stdin.end(input)
  const text = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk))
  const closed = once(child, 'close')
  // SIGTERM, which the launcher passes on; killing the launcher would leave the product behind.
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await closed
  })
  return {
    process: child,
    out: () => text.out,
    err: () => text.err,
    wrote: async (wanted, stream = 'out') => {
      const source = stream === 'out' ? child.stdout : child.stderr
      while (!text[stream].includes(wanted)) {
        const more = await Promise.race([once(source, 'data').then(() => true), closed.then(() => false)])
        if (!more && !text[stream].includes(wanted)) throw new Error(`mercat ${args.join(' ')} ended without saying "${wanted}":\n${text.out}${text.err}`)
      }
    },
    finished: closed.then(([code]) => ({ code: code as number | null, out: text.out, err: text.err })),
  }
}

export const run = (args: string[], env: Record<string, string>, options?: { cwd?: string; input?: string }): Promise<Finished> => mercat(args, env, options).finished

/** A server without the demo on a free port, ready. */
export async function startServer(folder: string, env: Record<string, string> = {}): Promise<Started & { origin: string }> {
  const server = mercat(['start'], { MERCAT_DATA_DIR: folder, MERCAT_PORT: '0', MERCAT_DEMO: '0', ...env })
  await server.wrote('Stop with Ctrl-C.')
  const origin = /is ready on (\S+)/.exec(server.out())?.[1]
  if (!origin) throw new Error(`no address in: ${server.out()}`)
  return { ...server, origin }
}
