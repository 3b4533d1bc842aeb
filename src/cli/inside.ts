/** Runs command lines inside the server, for the admin socket: the same commands, with the server's own stores. */
import type { Config } from '../config.ts'
import type { Stores } from '../domain/index.ts'
import type { SourceHouse } from '../domain/sources/index.ts'
import { commands } from './commands/index.gen.ts'
import { type ExitCode, exitCodes } from './define.ts'
import { execute } from './execute.ts'
import type { Host } from './host.ts'
import type { Io } from './io.ts'
import { parseCommandLine } from './program.ts'

const noHost: Host = {
  openStores: () => Promise.reject(new Error('The server has its stores open already')),
  sourceHouse: () => Promise.reject(new Error('The server has its own')),
  createMercat: () => Promise.reject(new Error('The server runs already')),
}

/** For `startAdmin({ run })`. */
export function commandRunner(
  config: Config,
  stores: Stores,
  sourceHouse: SourceHouse,
): (request: { argv: string[]; cwd: string }, io: Omit<Io, 'close'>, signal: AbortSignal) => Promise<ExitCode> {
  return async ({ argv, cwd }, io, signal) => {
    const parsed = parseCommandLine(commands, argv)
    if ('text' in parsed) {
      io.note(parsed.text)
      return parsed.exitCode
    }
    if (parsed.command.here) {
      io.note(`error: ${parsed.command.name} does not run inside a server.`)
      return exitCodes.usage
    }
    return await execute(parsed.command, parsed.args, {
      config,
      cwd,
      io: { ...io, close: () => {} },
      signal,
      host: noHost,
      served: true,
      stores: async () => stores,
      sourceHouse: async () => sourceHouse,
    })
  }
}
