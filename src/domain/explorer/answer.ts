/** The form of the explorer's answers. What an entity does not have is left out, not null. */
import { z } from 'zod'
import { coverageSchema } from '../../core/page.ts'
import type { Message } from './message.ts'

const type = z.string()

/** Times are ISO 8601, UTC, as exact as they are stored: cursors are made of them. */
export const entityRow = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  status: z.string(),
  channel: z.string().optional(),
  brand: z.string().optional(),
  folder: z.string().optional(),
  flow: z.string().optional(),
  organization: z.string().optional(),
  tags: z.array(z.string()).optional(),
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
  origin: z.string(),
  summary: z.string(),
})
export type ListedEntity = z.output<typeof entityRow>

export const listEntitiesOutput = z.object({
  type,
  rows: z.array(entityRow),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  /** The question as it was understood. */
  asked: z.object({
    filters: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    /** The instants that the bounds of the filters mean. */
    bounds: z.record(z.string(), z.string()),
    sort: z.string(),
    /** What bounds like 1h count back from; pages keep it. */
    asOf: z.string(),
  }),
})
export type EntityList = z.output<typeof listEntitiesOutput>

const link = z.object({ rel: z.string(), type, key: z.string().optional(), id: z.string().optional(), name: z.string().optional() })
export type Link = z.output<typeof link>

export const getEntityOutput = z.object({
  type,
  entity: entityRow.extend({ createdBy: z.string().optional() }),
  definition: z.record(z.string(), z.unknown()),
  /** Paths of the definition whose content is shortened here, with its true length. */
  clipped: z.array(z.object({ path: z.string(), length: z.number() })),
  links: z.array(link),
  explanation: z.string(),
  /** Each predicate of the definition in words, by its path. */
  predicates: z.array(z.object({ path: z.string(), text: z.string() })),
  /** What a person may do in the dashboard; no tool does it. */
  nextSteps: z.array(z.object({ action: z.string(), to: z.string(), scope: z.string() })),
  notes: z.array(z.string()),
})
export type EntityDetails = z.output<typeof getEntityOutput>

/** An entity whole, as its page shows it. */
export interface OpenedEntity extends Pick<EntityDetails, 'type' | 'entity' | 'links' | 'nextSteps' | 'notes'> {
  /** As the schema of its type says; null: what is stored is not, any more. */
  readonly definition: Readonly<Record<string, unknown>> | null
  /** Each predicate tree of the definition in words, by its path. */
  readonly rules: readonly { readonly path: string; readonly text: string }[]
  /** What a reader reads of a campaign's content, where that has markup. */
  readonly message: Message | null
}

/** What lists of a type can be narrowed to: all values that rows of it have. */
export interface Choices {
  readonly statuses: readonly string[]
  readonly channels: readonly string[]
  readonly brands: readonly { readonly id: string; readonly name: string }[]
  readonly folders: readonly { readonly id: string; readonly name: string }[]
  readonly tags: readonly string[]
}

const counts = z.object({ campaigns: z.number().optional(), sends: z.number(), deliveries: z.number() })
export type Counts = z.output<typeof counts>

export const searchCatalogOutput = z.object({
  hits: z.array(
    z.object({
      /** An entity type; or tag, channel, status, country: a filter value, which has no id. */
      type,
      id: z.string().optional(),
      name: z.string(),
      status: z.string().optional(),
      counts: counts.optional(),
    }),
  ),
  coverage: coverageSchema,
  /** Words of the query that nothing has, and those it was searched with instead. */
  corrected: z.record(z.string(), z.array(z.string())),
  leftOut: z.array(z.object({ type, scope: z.string() })),
  counted: z.string(),
  /** The newest event or order in the counts; null: nothing is counted. */
  dataAsOf: z.string().nullable(),
})
export type SearchAnswer = z.output<typeof searchCatalogOutput>
