/** The whole catalog as data: what /manifest.json serves and the documentation is generated from. Pure; imports no store and no service. */
import type { Effect, Scope, Toolset } from '../core/access.ts'
import type { CatalogEntry } from './define.ts'
import { hintsOf, inputSchema, type ListedTool, outputSchema } from './listing.ts'
import { scopesOf } from './offer.ts'
import type { PromptDefinition } from './prompts/define.ts'
import { toolMeta } from './views.ts'
import { type ListedPrompt, listPrompt } from './prompts/offer.ts'

export interface DescribedTool {
  readonly name: string
  readonly title: string
  readonly toolset: Toolset
  readonly effect: Effect
  /** The scopes of every call: gateway first, then domain. */
  readonly scopes: readonly Scope[]
  /** Of tools whose domain scope depends on the arguments: a call needs at most one of these besides. */
  readonly oneOf?: readonly Scope[]
  readonly description: string
  readonly annotations: ListedTool['annotations']
  readonly _meta?: ListedTool['_meta']
  readonly inputSchema: Record<string, unknown>
  readonly outputSchema: Record<string, unknown>
}

/** A prompt, and the tools that it has an assistant use: it is offered where all of them are. */
export interface DescribedPrompt extends ListedPrompt {
  readonly tools: readonly string[]
}

export interface Manifest {
  readonly schemaVersion: 1
  readonly server: { readonly name: string; readonly title: string; readonly version: string }
  readonly tools: readonly DescribedTool[]
  readonly prompts: readonly DescribedPrompt[]
}

/** Every tool of the catalog, by name. Holds nothing of any account. */
export function describeCatalog(entries: readonly CatalogEntry[], prefix = ''): DescribedTool[] {
  return entries
    .map(
      ({ toolset, tool }): DescribedTool => ({
        name: prefix + tool.name,
        title: tool.title,
        toolset,
        effect: tool.effect,
        scopes: scopesOf(tool),
        ...(typeof tool.scope === 'object' ? { oneOf: tool.scope.oneOf } : {}),
        description: tool.description,
        annotations: hintsOf(tool),
        ...(tool.view ? { _meta: toolMeta(tool.view, tool.effect) } : {}),
        inputSchema: inputSchema(tool),
        outputSchema: outputSchema(tool),
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Every prompt all of whose tools are in the catalog. */
export function describePrompts(prompts: readonly PromptDefinition[], entries: readonly CatalogEntry[], prefix = ''): DescribedPrompt[] {
  const names = new Set(entries.map(({ tool }) => tool.name))
  return prompts
    .filter(({ tools }) => tools.every((tool) => names.has(tool)))
    .map((prompt) => ({ ...listPrompt({ prompt }, false), tools: prompt.tools.map((tool) => prefix + tool) }))
}

export function makeManifest(entries: readonly CatalogEntry[], prompts: readonly PromptDefinition[], version: string, prefix = ''): Manifest {
  return {
    schemaVersion: 1,
    server: { name: 'mercat', title: 'Mercat', version },
    tools: describeCatalog(entries, prefix),
    prompts: describePrompts(prompts, entries, prefix),
  }
}
