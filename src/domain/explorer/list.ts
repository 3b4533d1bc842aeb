/** Lists entities of one type: filters resolved to what exists, one page, and the same page cut shorter. */
import type { Principal } from '../../core/access.ts'
import { sha256 } from '../../core/hash.ts'
import { asChoices, type Choice, label, pick } from '../../core/match.ts'
import { coverageOf, decodeCursor, encodeCursor, foreignCursor, rowsBefore } from '../../core/page.ts'
import { channelNames } from '../channels.ts'
import { entityType, findOrganization, listBrands, listFolders } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { requireType } from './access.ts'
import type { EntityList, ListedEntity } from './answer.ts'
import { type ListEntitiesInput, usualRows } from './arguments.ts'
import { parseBound } from './bounds.ts'
import { toListed } from './listed.ts'
import { findNames, findPage, type Place, type RowFilter, unknownStart, usedValues } from './rows-repository.ts'

export async function listEntities(stores: Stores, principal: Principal, input: ListEntitiesInput): Promise<EntityList> {
  const { type, sort, direction } = input
  requireType(principal, type)
  const named = await resolve(stores, principal, input)
  const question: Question = { type, sort: `${sort} ${direction}`, filters: { ...named.filters, ...given(input) } }
  const { now, before, after } = await placeOf(stores, principal, input, question)
  const times = boundsOf(input, now, principal.account.timeZone)
  const limit = input.limit ?? usualRows
  const { rows, of } = await findPage(stores.db, principal, type, { ...named.filter, ...times }, input, after, limit + 1)
  const shown = await toListed(stores.db, principal, type, rows.slice(0, limit))
  const answer: EntityList = {
    type,
    rows: shown,
    coverage: coverageOf(before, shown.length, of),
    nextCursor: null,
    asked: {
      filters: question.filters,
      bounds: Object.fromEntries(Object.entries(times).map(([name, at]) => [name, at.toISOString()])),
      sort: question.sort,
      asOf: now.toISOString(),
    },
  }
  return rows.length > limit ? withCursor(answer) : answer
}

/** The same page with fewer rows. */
export function cutList(answer: EntityList, count: number): EntityList {
  if (count >= answer.rows.length) return answer
  return withCursor({ ...answer, rows: answer.rows.slice(0, count), coverage: coverageOf(rowsBefore(answer.coverage), count, answer.coverage.of) })
}

function withCursor(answer: EntityList): EntityList {
  const last = answer.rows.at(-1)
  if (!last) return answer
  const { filters, sort, asOf } = answer.asked
  const read = rowsBefore(answer.coverage) + answer.rows.length
  const question: Question = { type: answer.type, sort, filters }
  return { ...answer, nextCursor: encodeCursor(`${read} ${last.id} ${sortValue(last, sort)}`, question, asOf) }
}

/** What a cursor belongs to: everything that decides which rows there are and their order. */
interface Question {
  readonly type: string
  readonly sort: string
  readonly filters: EntityList['asked']['filters']
}

/** Stands for the value a row is sorted by. A name may be long, and may hold an address that no answer lets through: a short hash says whether it is still the same. */
function sortValue(row: ListedEntity, order: string): string {
  const [sort, direction] = order.split(' ')
  if (sort === 'name') return nameMark(row.name)
  if (sort === 'starts') return row.startsAt ?? unknownStart(direction === 'asc' ? 'asc' : 'desc')
  return (sort === 'created' ? row.createdAt : row.updatedAt) ?? '-infinity'
}

const nameMark = (name: string) => sha256(name).slice(0, 10)
const idForm = /^[a-z]{3}_[0-9a-z]{1,40}$/
const timeForm = /^(-?infinity|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z)$/

/** Where the page begins, after how many rows that were shown, and the moment its relative bounds count from. */
async function placeOf(
  { db, clock }: Stores,
  principal: Principal,
  input: ListEntitiesInput,
  question: Question,
): Promise<{ now: Date; before: number; after: Place | undefined }> {
  if (input.cursor === undefined || input.cursor === '') return { now: clock(), before: 0, after: undefined }
  const { position, asOf } = decodeCursor(input.cursor, question)
  const [read = '', id, value, ...more] = String(position).split(' ')
  const now = new Date(asOf ?? '')
  const before = Number(read)
  if (!/^\d{1,9}$/.test(read) || !idForm.test(id ?? '') || id === undefined || value === undefined || more.length || Number.isNaN(now.getTime())) throw foreignCursor()
  if (input.sort !== 'name') {
    if (!timeForm.test(value) || (value.endsWith('Z') && Number.isNaN(Date.parse(value)))) throw foreignCursor()
    return { now, before, after: { id, value } }
  }
  const [row] = await findNames(db, principal, input.type, 'id', [id])
  // Renamed meanwhile: where the page ended cannot be known any more.
  if (!row || nameMark(row.name) !== value) throw foreignCursor()
  return { now, before, after: { id, value: row.name } }
}

const ranges = ['createdFrom', 'createdTo', 'updatedFrom', 'updatedTo', 'activeFrom', 'activeTo'] as const

/** Filters that need nothing looked up, as they were given. */
function given(input: ListEntitiesInput): Record<string, string> {
  return Object.fromEntries(
    [...ranges, 'nameContains' as const].flatMap((name) => {
      const value = input[name]?.trim()
      return value ? [[name, label(value)]] : []
    }),
  )
}

function boundsOf(input: ListEntitiesInput, now: Date, timeZone: string): Partial<Record<(typeof ranges)[number], Date>> {
  return Object.fromEntries(
    ranges.flatMap((name) => {
      const value = input[name]
      return value?.trim() ? [[name, parseBound(value, name, name.endsWith('To') ? 'to' : 'from', now, timeZone)]] : []
    }),
  )
}

/** Filters that name something: refused when it does not exist here. */
async function resolve({ db }: Stores, principal: Principal, input: ListEntitiesInput): Promise<{ filter: RowFilter; filters: Question['filters'] }> {
  const filters: Question['filters'] = {}
  const choose = async (argument: keyof ListEntitiesInput, wanted: readonly string[] | undefined, choices: () => Promise<readonly Choice[]>, kind: [string, string]) => {
    if (!wanted?.length) return undefined
    const picked = pick(wanted, await choices(), argument, { one: kind[0], many: kind[1] })
    filters[argument] = picked.map(({ name }) => label(name))
    return picked.map(({ id }) => id)
  }
  const fixed = (values: readonly string[]) => async () => asChoices(values)
  const organization = input.organizationId?.trim() ? await findOrganization(db, principal, input.organizationId) : undefined
  const { title, statuses } = entityType(input.type)
  const filter: RowFilter = {
    statuses: await choose('statuses', input.statuses, fixed(statuses), [`status of a ${title.toLowerCase()}`, 'statuses']),
    channels: await choose('channels', input.channels, fixed(channelNames), ['channel', 'channels']),
    brands: await choose('brands', input.brands, () => listBrands(db, principal), ['brand', 'brands']),
    folders: await choose('folders', input.folders, () => listFolders(db, principal), ['folder', 'folders']),
    tags: await choose('tags', input.tags, async () => asChoices(await usedValues(db, principal, input.type, 'tag')), ['tag', 'tags']),
    organizations: organization && [organization.id],
    nameContains: input.nameContains?.trim() || undefined,
  }
  return { filter, filters: { ...filters, ...(organization ? { organizationId: organization.id } : {}) } }
}
