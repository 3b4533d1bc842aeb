/** Starts the measured processes, each pinned to one core where the machine allows it, and ends exactly those. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const bench = fileURLToPath(new URL('..', import.meta.url))
export const root = fileURLToPath(new URL('../..', import.meta.url))

function canPin(): boolean {
  try {
    execFileSync('taskset', ['-c', '0', 'true'])
    return cpus().length > 1
  } catch {
    return false
  }
}
/** Whether server and load run on cores of their own. */
export const pinned = canPin()

/** A program of bench/ on one core (0: servers, 1: load; undefined: all), with Node's flags before it. */
export function launch(file: string, options: { core?: 0 | 1; args?: readonly string[]; flags?: readonly string[]; env?: Record<string, string> } = {}): ChildProcess {
  const command = [process.execPath, ...(options.flags ?? []), `${bench}${file}`, ...(options.args ?? [])]
  const [program = '', ...rest] = pinned && options.core !== undefined ? ['taskset', '-c', String(options.core), ...command] : command
  return spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...options.env }, cwd: root })
}

/** Everything a program prints. Throws when it fails. */
export async function output(child: ChildProcess): Promise<string> {
  let text = ''
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${child.spawnargs.slice(-2).join(' ')} ended with code ${code}`)
  return text
}

/** The first line that begins with a word, without the word; everything else it prints is passed over. */
export async function awaitLine(child: ChildProcess, word: string, seconds = 120): Promise<string> {
  if (!child.stdout) throw new Error('The process has no output')
  const lines = createInterface({ input: child.stdout })
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
  try {
    for await (const line of lines) if (line.startsWith(`${word} `)) return line.slice(word.length + 1)
  } finally {
    clearTimeout(timer)
  }
  throw new Error(`${child.spawnargs.slice(-2).join(' ')} ended before it said "${word}"`)
}

/** Ends a process that this one started and waits until it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await gone
  clearTimeout(timer)
}

/** Resident memory of a process in MB (Linux; undefined elsewhere). */
export function residentMb(pid: number): number | undefined {
  try {
    return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) / 1024)
  } catch {
    return undefined
  }
}
