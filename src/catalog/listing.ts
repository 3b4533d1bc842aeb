/** How a tool looks to a client: the entry of tools/list, its schemas and hints. Pure; made once for each set of tools offered. */
import { z } from 'zod'
import { jobHandle } from './deferred.ts'
import type { ToolDefinition } from './define.ts'
import type { Principal } from '../core/access.ts'
import { type Catalog, type Narrowing, type Offer, offersOf } from './offer.ts'
import { type BuiltViews, toolMeta } from './views.ts'

type JsonSchema = Record<string, unknown>

/** An entry of tools/list (MCP 2026-07-28, "Tool"). */
export interface ListedTool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: JsonSchema & { type: 'object' }
  readonly outputSchema: JsonSchema & { type: 'object' }
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint: boolean; readonly idempotentHint: boolean; readonly openWorldHint: false }
  /** The view of its answers. */
  readonly _meta?: ReturnType<typeof toolMeta>
}

/** Sets of tools offered whose listing is kept ready: one per combination of scopes, toolsets and accounts in use. */
const mostListings = 200

/** tools/list of any connection: each set of tools offered is listed once. */
export function createListings(catalog: Catalog, views: Pick<BuiltViews, 'has'>): (principals: readonly Principal[], narrowing: Narrowing) => ListedTool[] {
  const listings = new Map<string, ListedTool[]>()
  return (principals, narrowing) => {
    const offers = offersOf(catalog, principals, narrowing)
    const several = principals.length > 1
    const key = offers.map(({ entry, accounts }) => (several ? `${entry.name}=${accounts.join('+')}` : entry.name)).join(' ')
    const ready = listings.get(key)
    if (ready) return ready
    if (listings.size >= mostListings) listings.clear()
    const made = offers.map((offer) => listTool(offer, several, views))
    listings.set(key, made)
    return made
  }
}

/** @param several whether the connection reaches several accounts: then every tool takes `account`, and its answer names it @param views those that are built */
export function listTool({ entry, accounts }: Offer, several: boolean, views: Pick<BuiltViews, 'has'>): ListedTool {
  const { tool } = entry
  return {
    name: entry.name,
    title: tool.title,
    description: tool.description,
    inputSchema: several ? withAccount(inputSchema(tool), accounts) : inputSchema(tool),
    outputSchema: several ? withAccount(outline(outputSchema(tool)), accounts) : outline(outputSchema(tool)),
    annotations: hintsOf(tool),
    ...(tool.view && views.has(tool.view) ? { _meta: toolMeta(tool.view, tool.effect) } : {}),
  }
}

/** A draft is inert and a record harmless, but both say "destructive", so that every client asks its person first (product.md, "Tools"). */
export function hintsOf(tool: ToolDefinition): ListedTool['annotations'] {
  const reads = tool.effect === 'read'
  return { readOnlyHint: reads, destructiveHint: !reads, idempotentHint: reads, openWorldHint: false }
}

const schemas = new WeakMap<z.ZodObject, JsonSchema & { type: 'object' }>()

export function inputSchema(tool: ToolDefinition): JsonSchema & { type: 'object' } {
  return schemaOf(tool.input, 'input')
}

/** With `cost` an answer may be a job's handle instead: either form conforms. */
export function outputSchema(tool: ToolDefinition): JsonSchema & { type: 'object' } {
  const own = schemaOf(tool.output, 'output')
  if (!tool.cost) return own
  const { required: _, ...rest } = own as JsonSchema & { type: 'object'; properties?: JsonSchema; required?: unknown }
  return { ...rest, properties: { ...rest.properties, job: schemaOf(jobHandle, 'output') } }
}

/** JSON Schema 2020-12, without the $schema line: it is MCP's default dialect, and would cost its tokens on every tool. */
function schemaOf(schema: z.ZodObject, io: 'input' | 'output'): JsonSchema & { type: 'object' } {
  let made = schemas.get(schema)
  if (!made) {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, reused: 'inline' })
    made = { ...plainest(rest), type: 'object' }
    schemas.set(schema, made)
  }
  return made
}

/**
 * `"type": ["string", "null"]` as alternatives, and an object's members of any kind as `true`: some hosts map schemas onto a dialect with one type each
 * and without the empty schema, and would drop the constraint or the tool.
 */
function plainest(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, node: unknown) => {
    if (typeof node !== 'object' || node === null) return node
    if (key === 'additionalProperties' && Object.keys(node).length === 0) return true
    if (!('type' in node) || !Array.isArray(node.type)) return node
    const { type, ...rest } = node
    return { ...rest, anyOf: type.map((one: unknown) => ({ type: one })) }
  }) as JsonSchema
}

const outlineDepth = 1

/** The output schema as listed: its top level. Whatever conforms to the whole conforms to this; the whole one is in /manifest.json, where it costs no model its context. */
function outline(schema: JsonSchema & { type: 'object' }): JsonSchema & { type: 'object' } {
  return prune(schema, outlineDepth) as JsonSchema & { type: 'object' }
}

function prune(schema: unknown, depth: number): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  const { type, properties, required, items, anyOf } = schema as { type?: unknown; properties?: Record<string, unknown>; required?: string[]; items?: unknown; anyOf?: unknown[] }
  const kept: JsonSchema = {}
  if (type !== undefined) kept.type = type
  if (depth > 0 && properties) {
    kept.properties = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, prune(inner, depth - 1)]))
    if (required?.length) kept.required = required
  }
  if (depth > 0 && items) kept.items = prune(items, depth - 1)
  // A nullable value keeps its alternatives only while it is short; without them any value conforms.
  if (anyOf && anyOf.length <= 3) kept.anyOf = anyOf.map((inner) => prune(inner, depth - 1))
  return kept
}

function withAccount(schema: JsonSchema & { type: 'object' }, accounts: readonly string[]): JsonSchema & { type: 'object' } {
  const { properties = {}, required = [] } = schema as { properties?: JsonSchema; required?: string[] }
  return { ...schema, properties: { account: { type: 'string', enum: accounts, description: 'System name of the account.' }, ...properties }, required: ['account', ...required] }
}
