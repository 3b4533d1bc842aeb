/** The resources: schemas of entities and of what is created, definitions of metrics. The same for every account: nothing of a tenant is in them. */
import { type Principal, missingScopes, requiredScopes, type Scope } from '../core/access.ts'
import { MercatError } from '../core/errors.ts'
import { clip, inline, nearest } from '../core/text.ts'
import type { Services } from '../domain/index.ts'
import { schemaNames, schemaOf } from '../domain/organizations/index.ts'
import { completed, type Completion } from './completion.ts'

/** An entry of resources/list (MCP 2026-07-28, "Resource"). */
export interface ListedResource {
  readonly uri: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: string
  /** Of views: what a host may allow them. */
  readonly _meta?: Record<string, unknown>
}

/** An entry of resources/templates/list ("ResourceTemplate"). */
export type ListedTemplate = Omit<ListedResource, 'uri'> & { readonly uriTemplate: string }

export type ResourceText = { readonly uri: string; readonly mimeType: string; readonly text: string; readonly _meta?: Record<string, unknown> }

/** A list with an address of its own, and a template for each of its items. */
interface Collection {
  /** mercat://<name>, and mercat://<name>/{<variable>}. */
  readonly name: string
  readonly title: string
  readonly description: string
  /** The domain scope, besides read:mcp. */
  readonly scope: Scope | undefined
  readonly list: (services: Services) => Promise<object>
  readonly item: {
    readonly variable: string
    readonly title: string
    readonly description: string
    readonly mimeType: string
    readonly ids: (services: Services) => Promise<readonly string[]>
    /** Of one of the ids. */
    readonly read: (services: Services, id: string) => Promise<object | undefined>
  }
}

const json = 'application/json'

const collections: readonly Collection[] = [
  {
    name: 'schemas',
    title: 'Schemas',
    description: 'Names of the schemas: each type of entity, and what the tools that create records take.',
    scope: undefined,
    list: async () => ({ schemas: schemaNames().map((schema) => ({ ...schema, uri: uriOf('schemas', schema.name) })) }),
    item: {
      variable: 'name',
      title: 'Schema',
      description: 'JSON Schema 2020-12 of a type of entity, or of what a tool that creates records takes.',
      mimeType: 'application/schema+json',
      ids: async () => schemaNames().map(({ name }) => name),
      read: async (_, name) => schemaOf(name),
    },
  },
  {
    name: 'metrics',
    title: 'Metrics',
    description: 'What each metric of the reports means, as metric_definitions answers it.',
    scope: 'read:reports',
    list: async ({ reports }) => await reports.definitions({}),
    item: {
      variable: 'id',
      title: 'Metric',
      description: 'The definition of one metric: unit, channels that report it, whether it adds up over rows.',
      mimeType: json,
      ids: async ({ reports }) => (await reports.definitions({})).metrics.map(({ id }) => id),
      read: async ({ reports }, id) => {
        const { definitions, metrics } = await reports.definitions({ metrics: [id] })
        return metrics[0] && { definitions, ...metrics[0] }
      },
    },
  },
]

function uriOf(collection: string, id?: string): string {
  return `mercat://${collection}${id === undefined ? '' : `/${id}`}`
}

/** The principal for whom the collection may be read. */
function readerOf({ scope }: Collection, principals: readonly Principal[]): Principal | undefined {
  return principals.find((principal) => missingScopes(principal, requiredScopes('read', scope)).length === 0)
}

const offered = (principals: readonly Principal[]) => collections.filter((collection) => readerOf(collection, principals))

export function listResources(principals: readonly Principal[]): ListedResource[] {
  return offered(principals).map(({ name, title, description }) => ({ uri: uriOf(name), name, title, description, mimeType: json }))
}

export function listTemplates(principals: readonly Principal[]): ListedTemplate[] {
  return offered(principals).map(({ name, item: { variable, title, description, mimeType } }) => ({
    uriTemplate: uriOf(name, `{${variable}}`),
    name: title.toLowerCase(),
    title,
    description,
    mimeType,
  }))
}

/** Throws `not_found`, with the nearest addresses, for unknown ones and for those whose scope is missing alike. */
export async function readResource(uri: string, principals: readonly Principal[], bind: (principal: Principal) => Services): Promise<ResourceText> {
  for (const collection of collections) {
    const reader = readerOf(collection, principals)
    if (!reader) continue
    if (uri === uriOf(collection.name)) return { uri, mimeType: json, text: JSON.stringify(await collection.list(bind(reader))) }
    if (!uri.startsWith(uriOf(collection.name, ''))) continue
    const { ids, read, mimeType } = collection.item
    const id = uri.slice(uriOf(collection.name, '').length)
    const known = await ids(bind(reader))
    const found = known.includes(id) ? await read(bind(reader), id) : undefined
    if (found) return { uri, mimeType, text: JSON.stringify(found) }
    throw unknownResource(
      uri,
      nearest(clip(id, 64), known).map((name) => uriOf(collection.name, name)),
    )
  }
  throw unknownResource(
    uri,
    listResources(principals).map((resource) => resource.uri),
  )
}

/** Values of a template's variable. Throws `not_found` for an unknown template, `invalid_arguments` for another variable. */
export async function completeTemplate(
  uriTemplate: string,
  variable: string,
  typed: string,
  principals: readonly Principal[],
  bind: (principal: Principal) => Services,
): Promise<Completion> {
  for (const collection of collections) {
    const reader = readerOf(collection, principals)
    const { item } = collection
    if (!reader || uriTemplate !== uriOf(collection.name, `{${item.variable}}`)) continue
    if (variable === item.variable) return completed(await item.ids(bind(reader)), typed)
    throw new MercatError('invalid_arguments', `The template ${uriTemplate} has no variable ${JSON.stringify(inline(clip(variable, 64)))}`, { allowed: [item.variable] })
  }
  throw unknownResource(
    uriTemplate,
    listTemplates(principals).map((template) => template.uriTemplate),
  )
}

function unknownResource(uri: string, near: readonly string[]): MercatError {
  return new MercatError(
    'not_found',
    `Unknown resource: ${inline(clip(uri, 120))}`,
    near.length ? { nearest: near } : { hint: 'Call resources/list and resources/templates/list.' },
  )
}
