/** What a command is. One verb = one file in commands/ that default-exports defineCommand or defineGroup; no parsing, no opening of stores, no process.exit in it. */
import type { z } from 'zod'
import type { Config } from '../config.ts'
import type { Stores } from '../domain/index.ts'
import type { SourceHouse } from '../domain/sources/index.ts'
import type { Host } from './host.ts'

/** Documented for scripts that call Mercat. Anything a command returns besides these is a mistake. */
export const exitCodes = { ok: 0, error: 1, usage: 2, rejected: 3 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * A command's own circumstances. A command may run in the caller's process or inside the running server, with the output streamed to the caller:
 * so it speaks only through this, and never touches process.stdout, process.cwd(), process.exit or signals.
 */
export interface CommandContext {
  readonly config: Config
  /** Both stores: opened for this command (and closed by the framework after it), or the running server's own. */
  readonly stores: () => Promise<Stores>
  /** What sources need around them: their kinds, the installation's seals, the address that platforms call. The running server's own, where there is one. */
  readonly sourceHouse: () => Promise<SourceHouse>
  /** Whether this is inside the running server: what is asked of it then happens at once. */
  readonly served: boolean
  /** A path as the caller wrote it, made absolute from the caller's working directory. Use it for every file argument. */
  readonly path: (given: string) => string
  /** One line (or several) on the caller's stdout: results. */
  readonly print: (text: string) => void
  /** One line on the caller's stderr: remarks, warnings. */
  readonly note: (text: string) => void
  /**
   * How far a long step is. Redrawn in place on a terminal, otherwise a line now and then, on stderr. Call it as often as you like.
   * @param done so far, in `unit`s @param of the total, where known @param unit what is counted: 'rows', 'events', 'days'; the rate is shown too
   */
  readonly progress: (label: string, done: number, of?: number, unit?: string) => void
  /** Asks the person at the terminal; `secret` is not echoed. Without a terminal it takes the next line of stdin. Rejects when there is none. */
  readonly ask: (question: string, options?: { secret?: boolean }) => Promise<string>
  /** Aborts on Ctrl-C, SIGTERM, or when the caller of a command that runs in the server goes away. */
  readonly signal: AbortSignal
  /** When the command began. */
  readonly now: Date
  /** The composition root's services; only commands that run `here` may use it. */
  readonly host: Host
}

/**
 * One command. Arguments and options are the fields of `input`, in camelCase; each needs `.meta({ description })`.
 * Fields named in `arguments` are positional, in that order (an array takes the rest); all others are options: `timeZone` is `--time-zone <value>`, a boolean is a flag,
 * an array may be given several times. A required string is a required option; `.optional()` and `.default(…)` work as one expects; numbers are converted.
 * `.meta({ placeholder: 'file' })` names the value in the help text.
 */
export interface CommandDefinition<Input extends z.ZodObject = z.ZodObject> {
  /** The verb, kebab-case; equal to the file's name, or the sub-verb of a group. */
  readonly name: string
  /** One line for the list of commands, without a full stop. */
  readonly summary: string
  /** More for `--help`: what it does, what it does not, what to do after. */
  readonly description?: string
  /** Whole command lines for `--help`, starting with `mercat`. */
  readonly examples?: readonly string[]
  readonly input: Input
  /** Fields of `input` that are positional. */
  readonly arguments?: readonly (keyof z.output<Input> & string)[]
  /** true: always in the caller's process, even while a server runs (start). */
  readonly here?: boolean
  /** Throws MercatError (or any Error with a clear sentence) to fail with exit code 1. Returns an exit code when it is not 0. */
  readonly run: (call: { args: z.output<Input>; context: CommandContext }) => Promise<ExitCode | void>
}

/** A verb with sub-verbs: `mercat account create`. */
export interface CommandGroup {
  readonly name: string
  readonly summary: string
  readonly description?: string
  readonly commands: readonly CommandDefinition[]
}

/** What a file in commands/ exports. */
export type CliEntry = CommandDefinition | CommandGroup

/** Types the definition. The result is the general type, so that commands of different inputs stand in one list. */
export function defineCommand<Input extends z.ZodObject>(command: CommandDefinition<Input>): CommandDefinition {
  // run is called only with what `input` has parsed, so the wider type is safe.
  return command as unknown as CommandDefinition
}

export function defineGroup(group: CommandGroup): CommandGroup {
  return group
}
