/** Finds entities and filter values by what they are called, typing errors forgiven, with what happened around each in a window. */
import type { Principal } from '../../core/access.ts'
import { requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { coverageOf } from '../../core/page.ts'
import { dayOf, parsePeriod, type Period } from '../../core/period.ts'
import { nearest, wordsIn } from '../../core/text.ts'
import { gatewayScopes } from '../accounts/index.ts'
import { channelNames } from '../channels.ts'
import { type EntityType, entityStatuses } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { readableTypes, typesNamed } from './access.ts'
import type { SearchAnswer } from './answer.ts'
import { type SearchCatalogInput, usualRows } from './arguments.ts'
import { countsIn } from './counts.ts'
import { countriesNamed } from './countries.ts'
import { usedValues } from './rows-repository.ts'
import { findWords, knownWords, usedCountries } from './search-repository.ts'

const mostWords = 8
/** Of a type, compared with a mistyped word. */
const mostVocabulary = 100_000
/** Letters by which a correction may be longer or shorter. */
const mostShift = 2

interface Hit {
  readonly type: string
  /** Of a filter value: the value. */
  readonly id: string
  readonly isValue: boolean
  readonly name: string
  readonly status?: string
  readonly rank: number
}

export async function searchCatalog(stores: Stores, principal: Principal, input: SearchCatalogInput, signal?: AbortSignal): Promise<SearchAnswer> {
  requireScopes(principal, ...gatewayScopes(principal))
  const { types, leftOut } = readableTypes(principal, input.types?.length ? typesNamed(input.types, 'types') : undefined)
  // Everything that was asked for is out of reach: an empty answer would look as if there were nothing.
  if (types.length === 0) requireScopes(principal, ...leftOut.map(({ scope }) => scope))
  const { timeZone } = principal.account
  const period = parsePeriod(input, dayOf(stores.clock(), timeZone), timeZone)
  const query = input.query.trim().toLowerCase()
  const words = [...new Set(wordsIn(query))]
  if (words.length === 0)
    throw new MercatError('invalid_arguments', 'query has no word', { argument: 'query', value: input.query.slice(0, 60), hint: 'Send a name or a part of one.' })
  if (words.length > mostWords)
    throw new MercatError('invalid_arguments', `query has ${words.length} words, of which each must occur; send ${mostWords} at most`, { argument: 'query' })
  const limit = input.limit ?? usualRows

  let spellings: (readonly string[])[] = words.map((word) => [word])
  let found = await findAll(stores, principal, types, query, spellings, limit)
  let corrected: Record<string, string[]> = {}
  if (found.hits.length === 0) {
    corrected = await correct(stores, principal, types, words)
    spellings = words.map((word) => corrected[word] ?? [word])
    if (Object.keys(corrected).length) found = await findAll(stores, principal, types, query, spellings, limit)
  }
  const hits = found.hits.sort((a, b) => a.rank - b.rank).slice(0, limit)
  const counts = principal.scopes.has('read:reports') ? await countsIn(stores, principal, period, signal) : undefined
  return {
    hits: hits.map(({ type, id, isValue, name, status }) => {
      // An entity of the type channel is a sender of the account, not all messages of that kind.
      const sums = isValue || type !== 'channel' ? counts?.countOf(type, id) : undefined
      return { type, ...(isValue ? {} : { id }), name, ...(status === undefined ? {} : { status }), ...(sums ? { counts: sums } : {}) }
    }),
    coverage: coverageOf(0, hits.length, found.of),
    corrected,
    leftOut,
    dataAsOf: counts?.dataAsOf?.toISOString() ?? null,
    counted: countedWords(period, timeZone, counts?.dataAsOf),
  }
}

/** The same answer with fewer hits. */
export function cutSearch(answer: SearchAnswer, count: number): SearchAnswer {
  return { ...answer, hits: answer.hits.slice(0, count), coverage: coverageOf(0, Math.min(count, answer.hits.length), answer.coverage.of) }
}

function countedWords({ start, end }: Period, timeZone: string, dataAsOf: Date | null | undefined): string {
  if (dataAsOf === undefined) return 'Nothing is counted: counts need the scope read:reports.'
  const when = `messages sent ${start} to ${end} (${timeZone}), data as of ${dataAsOf?.toISOString() ?? '-'}`
  return `Counts: campaigns that sent, their sends and deliveries, of ${when}. A tag, brand, folder, flow, status or country counts the campaigns that carry it now; a channel the messages through it. Hits overlap: never add them.`
}

async function findAll(stores: Stores, principal: Principal, types: readonly EntityType[], query: string, words: readonly (readonly string[])[], most: number) {
  const hits: Hit[] = []
  let of = 0
  for (const type of types) {
    const found = await findWords(stores.db, principal, type, query, words, most)
    hits.push(...found.rows.map((row) => ({ type, isValue: false, ...row })))
    of += found.of
  }
  const values = await findValues(stores, principal, types, query, words)
  // A value that is the query comes before the entities that merely hold it.
  return { hits: [...values, ...hits], of: of + values.length }
}

/** Filter values of campaigns and flows that hold the words. */
async function findValues({ db }: Stores, principal: Principal, types: readonly EntityType[], query: string, words: readonly (readonly string[])[]): Promise<Hit[]> {
  const carriers = (['campaign', 'flow'] as const).filter((type) => types.includes(type))
  const holds = (value: string) => words.every((spellings) => spellings.some((word) => value.toLowerCase().includes(word)))
  const hits: Hit[] = []
  const add = (type: string, id: string, name: string) => hits.push({ type, id, isValue: true, name, rank: name.toLowerCase() === query || id.toLowerCase() === query ? 0 : 1 })
  const used = async (filter: 'tag' | 'channel' | 'status') => {
    const values = new Set<string>()
    for (const type of carriers) for (const value of await usedValues(db, principal, type, filter)) if (holds(value)) values.add(value)
    for (const value of [...values].sort()) add(filter, value, value)
  }
  await used('tag')
  if (channelNames.some(holds)) await used('channel')
  if (entityStatuses.some(holds)) await used('status')
  if (carriers.includes('campaign')) for (const { code, name } of await usedCountry(db, principal, query)) add('country', code, name)
  return hits
}

async function usedCountry(db: Stores['db'], principal: Principal, query: string) {
  const named = countriesNamed(query)
  const used = await usedCountries(
    db,
    principal,
    named.map(({ code }) => code),
  )
  return named.filter(({ code }) => used.includes(code))
}

/** For each word that nothing has: the nearest words there are. Keys are left out: they are ids, of which a near one is a wrong one. */
async function correct({ db }: Stores, principal: Principal, types: readonly EntityType[], words: readonly string[]): Promise<Record<string, string[]>> {
  const lengths = words.map((word) => word.length)
  const length = { from: Math.max(3, Math.min(...lengths) - mostShift), to: Math.max(...lengths) + mostShift }
  const known = new Set<string>(types.includes('campaign') ? [...channelNames, ...entityStatuses].map((name) => name.toLowerCase()) : [])
  for (const type of types) for (const word of await knownWords(db, principal, type, length, mostVocabulary)) known.add(word)
  return Object.fromEntries(
    words.flatMap((word) => {
      if (known.has(word)) return []
      const alike = [...known].filter((other) => Math.abs(other.length - word.length) <= mostShift)
      const close = nearest(word, alike)
      return close.length ? [[word, close]] : []
    }),
  )
}
