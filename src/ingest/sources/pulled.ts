/** What the sources that are pulled have in common: their settings, their cursors, and texts and times of platforms in the form entities take. Knows no platform. */
import { z } from 'zod'
import { sha256 } from '../../core/hash.ts'
import { clip } from '../../core/text.ts'
import type { EntityRow } from '../../domain/entities/index.ts'
import { type SourceEntity, textual, wrongShape } from './define.ts'

/** The setting `baseUrl`. @param like an example */
export const baseUrlSetting = (like: string) =>
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(120)
    .refine((text) => {
      const url = URL.parse(text)
      return url && !url.username && !url.password && !url.search && !url.hash
    }, 'must be an address without user, query and fragment')
    .meta({ title: 'Address', description: `Where the platform is, like ${like}. A machine of a private network must be allowed by whoever runs this Mercat (MERCAT_PULL_HOSTS).` })

/** The answer by its schema; throws `wrong_shape` that names the member at fault, never its value. */
export function answerOf<Schema extends z.ZodType>(schema: Schema, answer: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const path = parsed.error.issues[0]?.path.join('.')
  throw wrongShape(`The answer to ${what} has not the form that is documented${path ? `: ${path} is missing or not of the right form` : ''}`)
}

/** The state a cursor holds. One of another version begins anew: whatever is told twice is kept once. */
export function stateOf<Schema extends z.ZodType>(schema: Schema, cursor: unknown): z.output<Schema> {
  const parsed = schema.safeParse(cursor)
  return parsed.success ? parsed.data : schema.parse({})
}

/**
 * Sees to it that a platform goes on from page to page: one that answers every page with the same would be asked for ever.
 * @returns takes of each page what tells its rows apart; throws `wrong_shape` for one that came before in this pull
 */
export function onward(what: string): (rows: readonly unknown[]) => void {
  const before = new Set<string>()
  return (rows) => {
    if (rows.length === 0) return
    const page = sha256(JSON.stringify(rows))
    if (before.has(page)) throw wrongShape(`${what} answers one page after the other with the same`)
    before.add(page)
  }
}

/** A count. Numbers of an answer may be texts: all of them are, where one of them might not survive as a double. */
export const counted = textual.transform(Number).pipe(z.number().int().min(0))

export const entity = (row: EntityRow): SourceEntity => ({ is: 'entity', row })

/** As an entity's name or tag: one line, without control characters; undefined: nothing is left. */
export function lineOf(text: string | null | undefined, longest: number): string | undefined {
  const line = text
    ?.toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
  return line ? clip(line, longest).trim() : undefined
}

/** Tags as entities take them: at most 100 of at most 100 characters, each once. */
export function tagLines(tags: readonly (string | null)[]): string[] {
  return [...new Set(tags.flatMap((tag) => lineOf(tag, 100) ?? []))].slice(0, 100)
}

/** ISO 8601 in UTC; what names no zone is in UTC. undefined: absent, or no time. */
export function isoOf(time: string | number | null | undefined): string | undefined {
  if (time === null || time === undefined || time === '') return undefined
  const text = String(time)
  const at = typeof time === 'number' || /^\d+$/.test(text) ? Number(text) : Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text.replace(' ', 'T')}Z`)
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

export const hoursBefore = (time: string | Date, hours: number): string => new Date(new Date(time).getTime() - hours * 3_600_000).toISOString()

/** The header of HTTP Basic (RFC 7617). */
export const basic = (user: string, password: string): { authorization: string } => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` })

/** What is left out when it is not known: a field that is left out keeps what is stored. */
export function known<Row extends object>(row: Row): { [Name in keyof Row]?: Exclude<Row[Name], undefined> } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as { [Name in keyof Row]?: Exclude<Row[Name], undefined> }
}

/** How a campaign names what it is sent to: the type knows one target group, so that several are kept as tags. */
export function audienceOf(groups: readonly { readonly key: string | undefined; readonly name: string | undefined }[]): { targetGroup: string | undefined; tags: string[] } {
  const [first, second] = groups
  if (!second) return { targetGroup: first?.key, tags: [] }
  return { targetGroup: undefined, tags: groups.flatMap(({ name }) => (name ? [`list: ${name}`] : [])) }
}
