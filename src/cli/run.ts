/** One invocation of the command line: parse, decide where the command runs (here, or inside the server that holds the data folder), run it, give the exit code. */
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { adminSocket } from '../core/admin.ts'
import { systemClock } from '../core/clock.ts'
import { commands } from './commands/index.gen.ts'
import { type CommandDefinition, type ExitCode, exitCodes } from './define.ts'
import { execute, sentence } from './execute.ts'
import type { Host, OpenedStores } from './host.ts'
import { type Io, terminalIo } from './io.ts'
import { parseCommandLine } from './program.ts'
import { connectServer, runRemote } from './remote.ts'

/** How long to wait for a data folder that another command has, or a server that is just starting and does not listen yet. */
const longestWait = 30_000

/** @param argv without node and script. Resolves when everything is closed; never rejects. */
export async function runCli(argv: string[], host: Host): Promise<ExitCode> {
  const parsed = parseCommandLine(commands, argv)
  const io = terminalIo()
  const signal = stopSignal(io)
  try {
    if ('text' in parsed) {
      if (parsed.exitCode === exitCodes.ok) io.print(parsed.text)
      else io.note(parsed.text)
      return parsed.exitCode
    }
    const config = readConfig()
    return await runCommand(parsed.command, parsed.args, { argv, config, host, io, signal })
  } catch (error) {
    io.note(error instanceof ConfigError ? error.message : sentence(error))
    return exitCodes.error
  } finally {
    io.close()
  }
}

interface Invocation {
  argv: string[]
  config: Config
  host: Host
  io: Io
  signal: AbortSignal
}

async function runCommand(command: CommandDefinition, args: Record<string, unknown>, { argv, config, host, io, signal }: Invocation): Promise<ExitCode> {
  const circumstances = { config, io, host, served: false, cwd: process.cwd(), signal }
  if (command.here) {
    const own = () => Promise.reject(new Error(`${command.name} opens its own stores`))
    return await execute(command, args, { ...circumstances, stores: own, sourceHouse: own })
  }
  const found = await serverOrStores(config, host, io, signal)
  if ('server' in found) return await runRemote(found.server, { argv, cwd: process.cwd() }, io, signal)
  try {
    return await execute(command, args, { ...circumstances, stores: async () => found.stores, sourceHouse: () => host.sourceHouse(config, found.stores) })
  } finally {
    await found.stores.close()
  }
}

/** The server that has the data folder, or else the stores, opened here. Throws what openStores throws. */
async function serverOrStores(config: Config, host: Host, io: Io, signal: AbortSignal): Promise<{ server: Socket } | { stores: OpenedStores }> {
  // With both stores on servers nothing is held by one process, and there is no socket.
  const shared = config.MERCAT_DATABASE_URL !== undefined && config.MERCAT_CLICKHOUSE_URL !== undefined
  const end = performance.now() + longestWait
  for (let attempt = 0; ; attempt++) {
    const server = shared ? undefined : await connectServer(adminSocket(config.MERCAT_DATA_DIR))
    if (server) return { server }
    try {
      return { stores: await host.openStores(config, systemClock) }
    } catch (error) {
      const busy = error instanceof Error && error.name === 'DataFolderInUseError'
      if (!busy || signal.aborted || performance.now() > end) throw error
      if (attempt === 0) io.note(`The data folder ${config.MERCAT_DATA_DIR} is in use by a command or a server that is starting: waiting …`)
      await delay(250)
    }
  }
}

/** Signals closer together than this are one: a terminal sends Ctrl-C to every process of the group, and npm and the launcher pass theirs on, on a busy machine not at once. */
const sameSignal = 1500

/** The first Ctrl-C or SIGTERM asks the command to stop and close what it has open; the second ends the process at once. */
function stopSignal(io: Io): AbortSignal {
  const stop = new AbortController()
  let first = 0
  const heard = () => {
    if (stop.signal.aborted && performance.now() - first < sameSignal) return
    if (stop.signal.aborted) process.exit(130)
    first = performance.now()
    io.note('Stopping … (again to stop at once)')
    stop.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heard)
  return stop.signal
}
