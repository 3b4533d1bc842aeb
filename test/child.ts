/** A process of its own that says what it does as lines, for tests that wait for them and end it. It ends with the test's process at the latest. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Child {
  /** The first line that begins so, said already or later; undefined when the process ended without. */
  readonly said: (beginning: string) => Promise<string | undefined>
  /** Sends the signal and waits for the end. */
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>
  readonly ended: Promise<unknown>
}

/** As under the launcher: what Node has compiled is kept for the next process. */
export const compiled = { NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/mercat', import.meta.url)) }

/** @param env besides PATH and HOME */
export function startChild(module: URL, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Child {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(module), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...compiled, ...env },
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  // Not before its last line is read.
  const ended = once(child, 'close').finally(() => process.off('exit', kill))
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line))
  return {
    said: async (beginning) => {
      const found = () => lines.find((line) => line.startsWith(beginning))
      while (found() === undefined && !(await Promise.race([once(reader, 'line').then(() => false), ended.then(() => true)])));
      return found()
    },
    end: async (signal) => {
      child.kill(signal)
      await ended
    },
    ended,
  }
}
