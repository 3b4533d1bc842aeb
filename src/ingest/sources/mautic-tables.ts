/** Rows of Mautic's Stats API and the events that follow from them. Knows neither cursors nor settings. https://devdocs.mautic.org/en/latest/rest_api/stats.html */
import { z } from 'zod'
import { MercatError } from '../../core/errors.ts'
import { type ProviderEvent, textual } from './define.ts'
import { entryOf } from './parts.ts'
import { answerOf, isoOf } from './pulled.ts'

export const rowsPerPage = 200
/** Contacts whose messages are looked up at once: their ids are part of an address. */
const contactsAtOnce = 50
/** Pages of one look-up: 50 contacts with 5,000 messages of the same few mailings. */
const mostPages = 25

export type Ask = (path: string, query: Readonly<Record<string, string | number>>) => Promise<unknown>

const flag = z.union([z.boolean(), z.number(), z.string(), z.null()]).transform((value) => value === true || Number(value) === 1)
const moment = z.string().nullish()
const id = textual.nullish()

const statSchema = z.object({
  id: textual,
  email_id: id,
  lead_id: id,
  email_address: z.string().nullish(),
  tracking_hash: z.string().nullish(),
  date_sent: moment,
  is_failed: flag.optional(),
  date_read: moment,
})
const hitSchema = z.object({ id: textual, email_id: id, lead_id: id, redirect_id: id, source: z.string().nullish(), date_hit: moment, url: z.string().nullish() })
const stopSchema = z.object({ id: textual, lead_id: id, channel_id: id, reason: textual, date_added: moment, comments: z.string().nullish() })
type Stat = z.output<typeof statSchema>
type Hit = z.output<typeof hitSchema>
type Stop = z.output<typeof stopSchema>

export interface Where {
  readonly col: string
  readonly expr: string
  readonly val: string
}

/** One table: by which time it is walked, what is asked of it, and the events of a page of its rows. */
export interface Walked {
  readonly table: string
  readonly column: 'date_sent' | 'date_read' | 'date_hit' | 'date_added'
  readonly where: readonly Where[]
  readonly events: (rows: readonly Record<string, unknown>[], context: { readonly ask: Ask; readonly campaign: (emailId: string) => string }) => Promise<ProviderEvent[]>
}

/** One page of a table. Throws `invalid_arguments` where the user may not read it: Mautic says so with HTTP 200. */
export async function tablePage(ask: Ask, table: string, order: readonly string[], where: readonly Where[], start: number): Promise<Record<string, unknown>[]> {
  const answer = await ask(`/api/stats/${table}`, {
    start,
    limit: rowsPerPage,
    ...Object.fromEntries(order.flatMap((col, index) => [[`order[${index}][col]`, col] as const, [`order[${index}][dir]`, 'asc'] as const])),
    ...Object.fromEntries(where.flatMap((one, index) => Object.entries(one).map(([name, value]) => [`where[${index}][${name}]`, value] as const))),
  })
  const { stats } = answerOf(z.object({ stats: z.array(z.record(z.string(), z.unknown())).optional() }), answer, `GET /api/stats/${table}`)
  if (stats) return stats
  throw new MercatError('invalid_arguments', `Mautic does not show its table ${table} to this user`, {
    argument: 'user',
    hint: 'Give the user a role that may view all contacts, emails and pages.',
  })
}

const rowsOf = <Schema extends z.ZodType>(schema: Schema, rows: readonly Record<string, unknown>[], table: string): z.output<Schema>[] =>
  answerOf(z.array(schema), rows, `GET /api/stats/${table}`)

const messageOf = ({ id: row, tracking_hash }: Stat): string => tracking_hash || `stat-${row}`

function eventOf(stat: Stat, event: ProviderEvent['event'], eventId: string, at: string, campaign: (emailId: string) => string): ProviderEvent {
  return {
    is: 'event',
    event,
    messageId: messageOf(stat),
    eventId,
    recipient: stat.email_address?.trim().toLowerCase() || undefined,
    at,
    channel: 'Email',
    tags: [],
    metadata: {},
    campaign: stat.email_id ? campaign(stat.email_id) : undefined,
  }
}

/** A message is sent, or failed; one that bounced was sent, and its bounce is told by the stops. */
export const sent: Walked = {
  table: 'email_stats',
  column: 'date_sent',
  where: [],
  events: async (rows, { ask, campaign }) => {
    const stats = rowsOf(statSchema, rows, 'email_stats')
    const bounced = await bouncesOf(
      ask,
      stats.filter(({ is_failed }) => is_failed),
    )
    return stats.flatMap((stat) => {
      const at = isoOf(stat.date_sent)
      if (!at) return []
      const event = stat.is_failed && !bounced(stat) ? 'failed' : 'sent'
      return [eventOf(stat, event, `${messageOf(stat)} ${event}`, at, campaign)]
    })
  },
}

/** The first time a message was opened; further ones have no row of their own. */
export const opens: Walked = {
  table: 'email_stats',
  column: 'date_read',
  where: [{ col: 'is_read', expr: 'eq', val: '1' }],
  events: async (rows, { campaign }) =>
    rowsOf(statSchema, rows, 'email_stats').flatMap((stat) => {
      const at = isoOf(stat.date_read)
      return at ? [eventOf(stat, 'opened', `${messageOf(stat)} opened`, at, campaign)] : []
    }),
}

/** A link of a mail leads through a redirect; the page it leads to is no second click, and neither are links on that page. `source` is the e-mail or, in older versions, the campaign's step that sent it. */
export const clicks: Walked = {
  table: 'page_hits',
  column: 'date_hit',
  where: [{ col: 'email_id', expr: 'isNotNull', val: '' }],
  events: async (rows, { ask, campaign }) => {
    const hits = rowsOf(hitSchema, rows, 'page_hits').filter(({ redirect_id, source }) => redirect_id && source !== 'page')
    const message = await messagesOf(ask, hits, ({ email_id }) => email_id)
    return hits.flatMap((hit: Hit) => {
      const at = isoOf(hit.date_hit)
      const stat = at && message(hit, at)
      return stat ? [{ ...eventOf(stat, 'clicked', `hit ${hit.id}`, at, campaign), url: hit.url ?? undefined }] : []
    })
  },
}

const reasons: Readonly<Record<string, ProviderEvent['event']>> = { 1: 'unsubscribed', 2: 'bounced' }

/** Who must not be written to any more, because of a mail. A person's own entry (reason 3), and one that names no mail, is no event of a message. */
export const stops: Walked = {
  table: 'lead_donotcontact',
  column: 'date_added',
  where: [{ col: 'channel', expr: 'eq', val: 'email' }],
  events: async (rows, { ask, campaign }) => {
    const entries = rowsOf(stopSchema, rows, 'lead_donotcontact').filter(({ reason }) => entryOf(reasons, reason))
    const message = await messagesOf(ask, entries, ({ channel_id }) => channel_id)
    return entries.flatMap((entry: Stop) => {
      const at = isoOf(entry.date_added)
      const event = entryOf(reasons, entry.reason)
      const stat = at && message(entry, at)
      if (!stat || !event) return []
      // The row of a contact is written over when the reason changes.
      return [{ ...eventOf(stat, event, `stop ${entry.id} ${event} ${at}`, at, campaign), error: event === 'bounced' ? (entry.comments ?? undefined) : undefined }]
    })
  },
}

interface OfContact {
  readonly lead_id?: string | null | undefined
}

/** The message of a contact and mail that was the last before a moment. Clicks and stops name both, and no message. */
async function messagesOf<Row extends OfContact>(ask: Ask, rows: readonly Row[], mailOf: (row: Row) => string | null | undefined) {
  const known = new Map<string, Stat[]>()
  const pairs = rows.flatMap((row) => (row.lead_id && mailOf(row) ? [{ lead: row.lead_id, mail: mailOf(row) ?? '' }] : []))
  for (const stat of await look(ask, 'email_stats', statSchema, pairs, 'email_id', [])) {
    const name = `${stat.lead_id} ${stat.email_id}`
    known.set(name, [...(known.get(name) ?? []), stat])
  }
  return (row: Row, at: string): Stat | undefined => {
    const all = (known.get(`${row.lead_id} ${mailOf(row)}`) ?? []).toSorted((a, b) => (a.date_sent ?? '').localeCompare(b.date_sent ?? ''))
    return all.findLast(({ date_sent }) => (isoOf(date_sent) ?? '') <= at) ?? all[0]
  }
}

/** Whether a message that failed has a bounce. */
async function bouncesOf(ask: Ask, failed: readonly Stat[]): Promise<(stat: Stat) => boolean> {
  const pairs = failed.flatMap(({ lead_id, email_id }) => (lead_id && email_id ? [{ lead: lead_id, mail: email_id }] : []))
  const filters = [
    { col: 'channel', expr: 'eq', val: 'email' },
    { col: 'reason', expr: 'eq', val: '2' },
  ]
  const bounced = new Set((await look(ask, 'lead_donotcontact', stopSchema, pairs, 'channel_id', filters)).map(({ lead_id, channel_id }) => `${lead_id} ${channel_id}`))
  return ({ lead_id, email_id }) => bounced.has(`${lead_id} ${email_id}`)
}

async function look<Schema extends z.ZodType>(
  ask: Ask,
  table: string,
  schema: Schema,
  pairs: readonly { lead: string; mail: string }[],
  mailColumn: string,
  filters: readonly Where[],
): Promise<z.output<Schema>[]> {
  const found: z.output<Schema>[] = []
  const contacts = [...new Set(pairs.map(({ lead }) => lead))]
  for (let at = 0; at < contacts.length; at += contactsAtOnce) {
    const some = new Set(contacts.slice(at, at + contactsAtOnce))
    const mails = new Set(pairs.filter(({ lead }) => some.has(lead)).map(({ mail }) => mail))
    const where = [{ col: 'lead_id', expr: 'in', val: [...some].join(',') }, { col: mailColumn, expr: 'in', val: [...mails].join(',') }, ...filters]
    for (let page = 0; page < mostPages; page++) {
      const rows = await tablePage(ask, table, ['id'], where, page * rowsPerPage)
      found.push(...rowsOf(schema, rows, table))
      if (rows.length < rowsPerPage) break
    }
  }
  return found
}
