/** What the explorer's tools take. Resolves nothing. */
import { z } from 'zod'
import { cursor, limitUpTo, listUpTo, textUpTo } from '../../core/arguments.ts'
import { type EntityType, entityTypeNames } from '../entities/index.ts'

// PostgreSQL takes no NUL, and no name holds a control character.
const clean = /^[^\p{Cc}\p{Cs}]*$/u
const text = textUpTo(500).refine((value) => clean.test(value), 'Send text without control characters')
const list = listUpTo(20, text)
const type = z.enum(entityTypeNames as [EntityType, ...EntityType[]])

/** Of a page; a search has no more either. */
export const mostRows = 200
export const usualRows = 20
const limit = limitUpTo(mostRows)

export const listEntitiesInput = z.strictObject({
  type,
  statuses: list.optional(),
  channels: list.optional(),
  brands: list.optional(),
  folders: list.optional(),
  tags: list.optional(),
  organizationId: text.optional(),
  nameContains: text.optional(),
  createdFrom: text.optional().describe('yyyy-MM-dd, ISO time, or back from now: 1h, 7d, 2w'),
  createdTo: text.optional(),
  updatedFrom: text.optional(),
  updatedTo: text.optional(),
  activeFrom: text.optional(),
  activeTo: text.optional(),
  sort: z.enum(['created', 'updated', 'name', 'starts']).default('created'),
  direction: z.enum(['desc', 'asc']).default('desc'),
  limit,
  cursor,
})
export type ListEntitiesInput = z.output<typeof listEntitiesInput>

// The types are in the schema of list_entities; a second list of them would cost every client its tokens.
export const getEntityInput = z.strictObject({ type: text.describe('As in list_entities'), entity: text.describe('Id, key or exact name') })
export type GetEntityInput = z.output<typeof getEntityInput>

export const searchCatalogInput = z.strictObject({
  query: text,
  types: list.optional().describe('Default: all'),
  startDate: text.optional().describe('Counts from this day; default: 90 days'),
  endDate: text.optional(),
  limit,
})
export type SearchCatalogInput = z.output<typeof searchCatalogInput>
