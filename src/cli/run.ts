/** One invocation of the command line: parse, decide where the command runs (here, or inside the server that holds the data folder), run it, give the exit code. */
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

/** How long to wait for a server that holds the data folder but does not listen yet, because it is just starting. */
const startingServer = 10_000

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
  const circumstances = { config, io, host, cwd: process.cwd(), signal }
  if (command.here) return await execute(command, args, { ...circumstances, stores: () => Promise.reject(new Error(`${command.name} opens its own stores`)) })
  const path = adminSocket(config.MERCAT_DATA_DIR)
  // With both stores on servers nothing is held by one process, and there is no socket.
  const shared = config.MERCAT_DATABASE_URL !== undefined && config.MERCAT_CLICKHOUSE_URL !== undefined
  const server = shared ? undefined : await connectServer(path)
  if (server) return await runRemote(server, { argv, cwd: process.cwd() }, io, signal)

  let stores: OpenedStores
  try {
    stores = await host.openStores(config, systemClock)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'DataFolderInUseError') throw error
    const started = await waitForServer(path, signal)
    if (!started) throw error
    return await runRemote(started, { argv, cwd: process.cwd() }, io, signal)
  }
  try {
    return await execute(command, args, { ...circumstances, stores: async () => stores })
  } finally {
    await stores.close()
  }
}

async function waitForServer(path: string, signal: AbortSignal): ReturnType<typeof connectServer> {
  const end = performance.now() + startingServer
  while (performance.now() < end && !signal.aborted) {
    const server = await connectServer(path)
    if (server) return server
    await delay(200)
  }
  return undefined
}

/** Signals closer together than this are one: a terminal sends Ctrl-C to every process of the group, and npm and the launcher pass theirs on. */
const sameSignal = 500

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
