/** What a tool is. A tool file calls defineTool and nothing else: no scope check, no try/catch, no logging, no tenant id. */
import type { z } from 'zod'
import type { Effect, Principal, Scope, Toolset } from '../core/access.ts'
import type { Services } from '../domain/index.ts'
import type { ViewName } from './views.ts'

/** What a handler gets: services already bound to its principal, and the call's own circumstances. */
export interface ToolContext extends Services {
  readonly principal: Principal
  /** Aborts when the caller leaves or the deadline passes. */
  readonly signal: AbortSignal
  /** Says how far a long call is; free when nobody asked. `done` only grows. */
  readonly progress: (done: number, of?: number, message?: string) => void
}

/** The text of a structured answer of the tool with this name (without prefix). */
export type TextOf = (tool: string, structured: Record<string, unknown>) => string

/** How an answer with a long list is cut to the token budget: the pipeline searches for the largest count that fits. */
export interface ListShape<Output> {
  /** How many rows the answer holds. */
  readonly count: (output: Output) => number
  /** The same answer with only the first `count` rows, its coverage and cursor set right. */
  readonly cut: (output: Output, count: number) => Output
}

/** A domain scope that depends on what is asked for. */
export interface ScopeByArguments {
  /** From the arguments as they came; undefined: none. */
  readonly of: (given: unknown) => Scope | undefined
  /** What `of` can answer. */
  readonly oneOf: readonly Scope[]
}

export interface ToolDefinition<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** snake_case, equal to the file's name. */
  readonly name: string
  /** Former names: still answered, never listed. */
  readonly aliases?: readonly string[]
  readonly title: string
  readonly effect: Effect
  /** Offered whichever toolsets the account has switched on: what every connection needs. */
  readonly always?: true
  /** The domain scope, besides the gateway scope that the effect asks for. */
  readonly scope?: Scope | ScopeByArguments
  /** For the model: what it answers, when to use it, what it does not do. */
  readonly description: string
  readonly input: Input
  readonly output: Output
  readonly run: (call: { input: z.output<Input>; ctx: ToolContext }) => Promise<z.input<Output>>
  /**
   * How many rows of the store the call would read: cheap and honest, from the plan of its statements. Over the installation's limit the call becomes a job, and its
   * answer is the job's handle. Only for tools that read. Throws what `run` would throw for the same arguments.
   */
  readonly cost?: (call: { input: z.output<Input>; ctx: ToolContext }) => Promise<number>
  /** Compact Markdown that says the same as the structured answer. `textOf` says another tool's answer, for tools that carry one. */
  readonly render: (output: z.output<Output>, textOf: TextOf) => string
  readonly list?: ListShape<z.output<Output>>
  /** The page that shows the structured answer in clients with MCP Apps; the text says the same to all others. */
  readonly view?: ViewName
}

/** A tool as the catalog holds it: its own schemas parse what its `run` gets, so the general type is safe. */
export interface CatalogEntry {
  /** The folder the tool's file is in. */
  readonly toolset: Toolset
  readonly tool: ToolDefinition
}

/** Types the definition; derives nothing. Hints, docs, manifest and consent text come from the fields. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(tool: ToolDefinition<Input, Output>): ToolDefinition<Input, Output> {
  return tool
}
