/** Runs one parsed command with its circumstances, and turns what it throws into a sentence and an exit code. The same for a process of its own and for the running server. */
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { describeError, MercatError } from '../core/errors.ts'
import { type CommandContext, type CommandDefinition, type ExitCode, exitCodes } from './define.ts'
import type { Host } from './host.ts'
import type { Io } from './io.ts'

export interface Circumstances {
  readonly config: Config
  readonly io: Io
  readonly stores: CommandContext['stores']
  readonly sourceHouse: CommandContext['sourceHouse']
  readonly served: boolean
  readonly host: Host
  /** The caller's working directory. */
  readonly cwd: string
  readonly signal: AbortSignal
}

/** Never throws. */
export async function execute(command: CommandDefinition, args: Record<string, unknown>, circumstances: Circumstances): Promise<ExitCode> {
  const { io, config, cwd, stores, sourceHouse, served, host, signal } = circumstances
  const context: CommandContext = {
    config,
    stores,
    sourceHouse,
    served,
    host,
    signal,
    path: (given) => resolve(cwd, given),
    print: io.print,
    note: io.note,
    progress: (label, done, of, unit) => io.progress({ label, done, of, unit }),
    ask: (question, options) => io.ask(question, options?.secret ?? false),
    now: new Date(),
  }
  try {
    const code = await command.run({ args, context })
    return code ?? exitCodes.ok
  } catch (error) {
    io.note(signal.aborted ? 'Stopped.' : sentence(error, config))
    return exitCodes.error
  }
}

/** What a person at the terminal reads of an error: one sentence; the stack only when debugging, since it says nothing to most. */
export function sentence(error: unknown, config?: Pick<Config, 'MERCAT_LOG_LEVEL'>): string {
  if (error instanceof MercatError) return `error: ${describeError(error)}`
  if (!(error instanceof Error)) return `error: ${String(error)}`
  const detail = config && ['trace', 'debug'].includes(config.MERCAT_LOG_LEVEL) ? `\n${error.stack}` : ''
  return `error: ${error.message}${detail}`
}
