/** The statements of search_catalog: rows that hold words, words there are, filter values in use, and which campaigns were at work. All restricted to what the principal sees. */
import { sql, type SqlBool } from 'kysely'
import type { Principal } from '../../core/access.ts'
import { betweenWords } from '../../core/text.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { type EntityType, visibleEntities } from '../entities/index.ts'
import { like, rowsOf } from './rows-repository.ts'

export interface Found {
  readonly id: string
  readonly name: string
  readonly status: string
  /** 0: the name or key is the query; 1: the name begins with it; 2: all its words are there. */
  readonly rank: number
}

const everything = sql`lower(name || ' ' || key || ' ' || array_to_string(tags, ' '))`

/** Rows of a type that hold all words (each, one of its spellings), best first, and how many there are. @param words lower case */
export async function findWords(db: DbOrTransaction, principal: Principal, type: EntityType, query: string, words: readonly (readonly string[])[], most: number) {
  const held = (await rowsOf(db, principal, type)).where((eb) => eb.and(words.map((spellings) => eb.or(spellings.map((word) => sql<SqlBool>`${everything} LIKE ${like(word)}`)))))
  const rank = sql<number>`CASE WHEN lower(name) = ${query} OR lower(key) = ${query} THEN 0 WHEN starts_with(lower(name), ${query}) THEN 1 ELSE 2 END`
  const rows = await held
    .select(['id', 'name', 'status', rank.as('rank'), sql<number>`count(*) OVER ()`.as('of')])
    .orderBy('rank')
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(most)
    .execute()
  return { rows: rows as Found[], of: rows[0]?.of ?? 0 }
}

/** Distinct words of names and tags of a type, lower case, of a length; none with a digit: a number that is nearly right is another number. */
export async function knownWords(db: DbOrTransaction, principal: Principal, type: EntityType, length: { from: number; to: number }, most: number): Promise<string[]> {
  const word = sql<string>`string_to_table(translate(lower(name || ' ' || array_to_string(tags, ' ')), ${betweenWords}, ${' '.repeat(betweenWords.length)}), ' ')`
  const all = (await rowsOf(db, principal, type)).select(word.as('word'))
  const rows = await db
    .selectFrom(all.as('words'))
    .select('word')
    .distinct()
    .where(sql<SqlBool>`length(word) BETWEEN ${length.from} AND ${length.to} AND word !~ '[0-9]'`)
    .limit(most)
    .execute()
  return rows.map((row) => row.word)
}

/** Which of the countries campaigns are limited to. */
export async function usedCountries(db: DbOrTransaction, principal: Principal, codes: readonly string[]): Promise<string[]> {
  if (codes.length === 0) return []
  const used: string[] = []
  for (const code of codes) {
    const row = await visibleEntities(db, principal, 'campaign')
      .where(sql<SqlBool>`definition @> ${JSON.stringify({ countries: [code] })}::jsonb`)
      .select('id')
      .limit(1)
      .executeTakeFirst()
    if (row) used.push(code)
  }
  return used
}

export interface CampaignFacts {
  readonly id: string
  readonly key: string
  readonly channel: string | null
  readonly status: string
  readonly brand_id: string | null
  readonly folder_id: string | null
  readonly flow_id: string | null
  readonly tags: readonly string[]
  readonly countries: readonly string[] | null
}

/** What the campaigns with these keys can be counted under. */
export async function campaignsByKey(db: DbOrTransaction, principal: Principal, keys: readonly string[]): Promise<CampaignFacts[]> {
  if (keys.length === 0) return []
  return await visibleEntities(db, principal, 'campaign')
    .where(sql<SqlBool>`key = ANY(${[...keys]}::text[])`)
    .select(['id', 'key', 'channel', 'status', 'brand_id', 'folder_id', 'flow_id', 'tags', sql<string[] | null>`definition -> 'countries'`.as('countries')])
    .execute()
}
