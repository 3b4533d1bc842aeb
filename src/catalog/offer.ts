/** Which tools a caller is offered, and under which names: scopes, account toolsets, and what the connection narrowed. Runs nothing. */
import { missingScopes, requiredScopes, type Principal, type Scope, type Toolset } from '../core/access.ts'
import type { CatalogEntry, ToolDefinition } from './define.ts'

/** What a connection left out of its own will; it can never widen. */
export interface Narrowing {
  /** Only these; null: all that the account offers. */
  readonly toolsets: ReadonlySet<Toolset> | null
  readonly readOnly: boolean
}

export const noNarrowing: Narrowing = { toolsets: null, readOnly: false }

/** A catalog entry with everything derived that a call needs. */
export interface CatalogTool extends CatalogEntry {
  readonly tool: ToolDefinition
  /** With the deployment's prefix: what clients see. */
  readonly name: string
  /** The scopes of every call, gateway and domain: what it takes to be offered the tool. */
  readonly scopes: readonly Scope[]
  /** All scopes of a call with these arguments, as they came. */
  readonly scopesFor: (given: unknown) => readonly Scope[]
}

export interface Catalog {
  /** Of the deployment; empty: none. */
  readonly prefix: string
  /** By name, sorted: the order of tools/list. */
  readonly tools: readonly CatalogTool[]
  /** By listed name or alias; undefined for any other. */
  readonly find: (name: string) => CatalogTool | undefined
}

/** The scopes of every call of a tool: without the domain scope where that depends on the arguments. */
export function scopesOf({ effect, scope }: ToolDefinition): Scope[] {
  return requiredScopes(effect, typeof scope === 'object' ? undefined : scope)
}

/** Throws when two tools claim one name: a mistake in the catalog, found at start. */
export function createCatalog(entries: readonly CatalogEntry[], prefix = ''): Catalog {
  const byName = new Map<string, CatalogTool>()
  const tools = entries.map(({ toolset, tool }): CatalogTool => {
    const { effect, scope } = tool
    const scopes = scopesOf(tool)
    return { toolset, tool, name: prefix + tool.name, scopes, scopesFor: (given) => (typeof scope === 'object' ? requiredScopes(effect, scope.of(given)) : scopes) }
  })
  for (const entry of tools) {
    for (const name of [entry.tool.name, ...(entry.tool.aliases ?? [])]) {
      if (byName.has(prefix + name)) throw new Error(`Two tools of the catalog are called ${prefix + name}`)
      byName.set(prefix + name, entry)
    }
  }
  return { prefix, tools: tools.sort((a, b) => (a.name < b.name ? -1 : 1)), find: (name) => byName.get(name) }
}

/** Why a tool is not offered to a principal on this connection; undefined when it is. @param scopes of a call, where there is one */
export function hiddenBy(entry: CatalogTool, principal: Principal, narrowing: Narrowing, scopes = entry.scopes): 'scopes' | 'account' | 'toolsets' | 'read_only' | undefined {
  if (missingScopes(principal, scopes).length) return 'scopes'
  if (!entry.tool.always && !principal.account.toolsets.includes(entry.toolset)) return 'account'
  if (narrowing.toolsets && !narrowing.toolsets.has(entry.toolset)) return 'toolsets'
  if (narrowing.readOnly && entry.tool.effect !== 'read') return 'read_only'
  return undefined
}

/** A tool offered on a connection, and the accounts it can be called for. */
export interface Offer {
  readonly entry: CatalogTool
  readonly accounts: readonly string[]
}

/** What tools/list shows: every tool that at least one of the connection's accounts offers, in the catalog's order. */
export function offersOf(catalog: Catalog, principals: readonly Principal[], narrowing: Narrowing): Offer[] {
  const offers: Offer[] = []
  for (const entry of catalog.tools) {
    const accounts = principals.filter((principal) => !hiddenBy(entry, principal, narrowing)).map(({ account }) => account.systemName)
    if (accounts.length) offers.push({ entry, accounts: accounts.sort() })
  }
  return offers
}
