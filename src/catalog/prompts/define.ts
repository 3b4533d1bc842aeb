/** What a prompt is. A prompt's file calls definePrompt and nothing else: it writes an instruction to an assistant, and asks no service and no store. */
import type { Completes } from '../completion.ts'

export interface PromptArgument {
  /** For the person who fills it in. */
  readonly description: string
  readonly required?: boolean
  /** What the values are completed from. Default: from nothing. */
  readonly complete?: Completes
}

/** What the person gave, made inert and put in double quotes: ready to stand in a sentence. */
type Given<Arguments> = { readonly [Name in keyof Arguments]: Arguments[Name] extends { readonly required: true } ? string : string | undefined }

interface Definition<Arguments, Tool extends string> {
  /** snake_case, equal to the file's name. */
  readonly name: string
  readonly title: string
  /** For the person who chooses it. */
  readonly description: string
  /** In the order in which they are asked for. Values are strings. */
  readonly arguments: Arguments
  /** The tools it has the assistant use, without prefix. It is offered exactly where all of them are. */
  readonly tools: readonly Tool[]
  /** The instruction. `tool` says the name that clients see; what holds for every prompt (`houseRules`) is added to it. */
  readonly text: (given: Given<Arguments>, tool: (name: Tool) => string) => string
}

/** A prompt as the list holds it. */
export interface PromptDefinition extends Omit<Definition<Readonly<Record<string, PromptArgument>>, string>, 'text'> {
  readonly text: (given: Readonly<Record<string, string | undefined>>, tool: (name: string) => string) => string
}

/** Types the definition; derives nothing. */
export function definePrompt<const Arguments extends Readonly<Record<string, PromptArgument>>, const Tool extends string>(prompt: Definition<Arguments, Tool>): PromptDefinition {
  // The text is checked against its own arguments and tools where it is written; the list needs the general type.
  return prompt as unknown as PromptDefinition
}

/** Steps as a numbered list; those that do not apply are left out. */
export function steps(...lines: readonly (string | undefined)[]): string {
  return lines
    .filter((line) => line !== undefined)
    .map((line, at) => `${at + 1}. ${line}`)
    .join('\n')
}

/** The arguments of a period as a tool takes them. @param usual what to do where the person gave neither end */
export function period(startDate: string | undefined, endDate: string | undefined, usual: string): string {
  const given = [...(startDate === undefined ? [] : [`startDate ${startDate}`]), ...(endDate === undefined ? [] : [`endDate ${endDate}`])]
  return given.length ? `${given.join(' and ')} (as yyyy-MM-dd; both days count)` : usual
}

/** Arguments that many prompts take. */
export const startDate = { description: 'First day, as yyyy-MM-dd' } as const
export const endDate = { description: 'Last day, as yyyy-MM-dd' } as const
