/**
 * Mautic: e-mails as campaigns, segments, and the events of messages from its Stats API. https://devdocs.mautic.org/en/latest/rest_api/stats.html
 *
 * - Mautic's ids are small numbers: keys carry the address (`mautic.example.com/emails/5`), so that two installations never meet. One that moves to another address is another source.
 * - An e-mail is a campaign: of the type `list` a bulk mailing, of `template` an automatic message. Each language and variant is an e-mail, and a campaign, of its own.
 *   Mautic's campaigns are not read: the API tells neither which e-mails they send nor their shares and waits in Mercat's terms.
 * - A segment is a target group of which Mercat knows the name alone. A mailing to one names it; of several, the names are tags (`list: …`).
 * - Events: sent, or failed; the first opening; clicks on links; unsubscribes and bounces that name an e-mail. Further openings, and entries people make by hand, are none.
 *   Clicks and stops name contact and e-mail: they belong to the last message of both before them. Without one (contact deleted or merged) they are left out.
 * - Tables are walked by the time of what happened (sent, first read, hit, added), the row's place within a second kept, so that a pull goes on exactly. The next one begins an hour
 *   before the last time it saw, by Mautic's own clock: what Mautic writes later than that (a queue of hits that stands still for longer) is missed. What is told twice has the same event id.
 * - E-mails and segments are told again when they were changed, or their publication began or ended, since an hour before the last pull. Deleted ones stay.
 */
import { z } from 'zod'
import { definePull, type PullPage, type SourceEntity, textual } from './define.ts'
import { type Ask, clicks, opens, rowsPerPage, sent, stops, tablePage, type Walked } from './mautic-tables.ts'
import { answerOf, audienceOf, baseUrlSetting, basic, counted, entity, hoursBefore, isoOf, known, lineOf, onward, stateOf } from './pulled.ts'

/** They carry whole mails. */
const entitiesPerPage = 20
const overlapHours = 1

/** PHP writes a list with gaps as an object. */
const listed = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.array(schema), z.record(z.string(), schema)]).transform((rows): z.output<Schema>[] => (Array.isArray(rows) ? rows : Object.values(rows)) as z.output<Schema>[])

const time = z.string().nullish()
const published = { id: textual, name: z.string(), isPublished: z.boolean().nullish(), dateAdded: time, dateModified: time }
const segmentSchema = z.object(published)
const emailSchema = z.object({
  ...published,
  subject: z.string().nullish(),
  emailType: z.string().nullish(),
  publishUp: time,
  publishDown: time,
  sentCount: counted.nullish(),
  lists: listed(z.object({ id: textual, name: z.string().nullish() })).nullish(),
})
type Segment = z.output<typeof segmentSchema>
type Email = z.output<typeof emailSchema>

const markSchema = z.object({ at: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/), seen: z.number().int().min(0) })
const stateSchema = z.object({
  /** When the last whole pull began. */
  since: z.iso.datetime().optional(),
  /** By the table's name here: the last time that was seen, and how many rows of it. */
  marks: z.record(z.string(), markSchema).default({}),
  /** A pull that is not at its end: its step, and the place in it. */
  run: z.object({ began: z.iso.datetime(), step: z.string(), start: z.number().int().min(0) }).optional(),
})
type State = z.output<typeof stateSchema>

const tables: Readonly<Record<string, Walked>> = { sent, opens, clicks, stops }
const steps = ['segments', 'emails', ...Object.keys(tables)]

export default definePull({
  type: 'mautic',
  title: 'Mautic',
  summary: 'E-mails, segments, and the events of messages: sent, failed, first opens, clicks, unsubscribes, bounces.',
  campaigns: [{ from: 'provider' }],
  settings: z.object({
    baseUrl: baseUrlSetting('https://mautic.example.com'),
    user: z.string().min(1).max(200).meta({ title: 'User', description: 'A user of Mautic whose role may view contacts, e-mails, pages and segments of everybody.' }),
    password: z.string().min(1).max(500).meta({ title: 'Password', description: 'That user’s password.', secret: true }),
  }),
  steps: () => [
    { title: 'Turn the API on', text: 'In Mautic open Settings › Configuration › API Settings, and turn on the API and HTTP basic auth.' },
    { title: 'Make a user', text: 'Make a role that may view contacts, e-mails, landing pages and segments of everybody and use the API, and a user with it for Mercat alone.' },
    { title: 'Connect', text: 'Give Mercat the address of Mautic, and the name and password of that user.' },
  ],
  pull: async function* ({ settings, cursor, get, now }) {
    const headers = basic(settings.user, settings.password)
    const ask: Ask = async (path, query) => await get(path, query, headers)
    const keys = keysAt(settings.baseUrl)
    let state = stateOf(stateSchema, cursor)
    const { began, step: first, start } = state.run ?? { began: now.toISOString(), step: 'segments', start: 0 }
    for (const step of steps.slice(Math.max(0, steps.indexOf(first)))) {
      const from = { ...state, run: { began, step, start: step === first ? start : 0 } }
      const table = tables[step]
      for await (const { records, next } of table ? walk(ask, table, step, from, keys) : entities(ask, step, from, keys, now)) {
        state = next
        yield { records, cursor: known(next) }
      }
    }
    yield { records: [], cursor: known({ since: began, marks: Object.fromEntries(Object.entries(state.marks).map(([name, { at }]) => [name, overlapping(at)])) }) }
  },
})

interface Keys {
  readonly email: (id: string) => string
  readonly segment: (id: string) => string
}

function keysAt(baseUrl: string): Keys {
  const { host, pathname } = new URL(baseUrl)
  const address = `${host}${pathname.replace(/\/+$/, '')}`
  return { email: (id) => `${address}/emails/${id}`, segment: (id) => `${address}/segments/${id}` }
}

interface Step {
  readonly records: PullPage['records']
  readonly next: State
}
type Running = State & { readonly run: NonNullable<State['run']> }

async function* entities(ask: Ask, step: string, state: Running, keys: Keys, now: Date): AsyncGenerator<Step> {
  const since = state.since && hoursBefore(state.since, overlapHours)
  const further = onward(`GET /api/${step}`)
  for (let { start } = state.run; ; start += entitiesPerPage) {
    const answer = await ask(`/api/${step}`, { start, limit: entitiesPerPage, orderBy: 'id', orderByDir: 'ASC' })
    const { records, ids } = step === 'segments' ? segmentsOf(answer, since, keys) : emailsOf(answer, since, keys, now)
    const count = ids.length
    if (count === 0) return
    further(ids)
    yield { records, next: { ...state, run: { ...state.run, start: start + entitiesPerPage } } }
    if (count < entitiesPerPage) return
  }
}

interface EntityPage {
  readonly records: readonly SourceEntity[]
  /** Of all that the platform told, changed or not. */
  readonly ids: readonly string[]
}

function segmentsOf(answer: unknown, since: string | undefined, keys: Keys): EntityPage {
  const { lists } = answerOf(z.object({ lists: listed(segmentSchema) }), answer, 'GET /api/segments')
  const changed = lists.filter(({ dateAdded, dateModified }) => isNew(since, [dateAdded, dateModified]))
  return { records: changed.map((segment) => segmentOf(segment, keys)), ids: lists.map(({ id }) => id) }
}

function emailsOf(answer: unknown, since: string | undefined, keys: Keys, now: Date): EntityPage {
  const { emails } = answerOf(z.object({ emails: listed(emailSchema) }), answer, 'GET /api/emails')
  const until = now.toISOString()
  const changed = emails.filter(({ dateAdded, dateModified, publishUp, publishDown }) =>
    isNew(since, [dateAdded, dateModified, ...[publishUp, publishDown].filter((moment) => (isoOf(moment) ?? until) < until)]),
  )
  return { records: changed.map((email) => emailOf(email, keys, until)), ids: emails.map(({ id }) => id) }
}

/** What names no time at all is told each time. */
function isNew(since: string | undefined, times: readonly (string | null | undefined)[]): boolean {
  const given = times.flatMap((moment) => isoOf(moment) ?? [])
  return since === undefined || given.length === 0 || given.some((moment) => moment >= since)
}

function segmentOf({ id, name, isPublished, dateAdded }: Segment, keys: Keys): SourceEntity {
  return entity({
    type: 'target_group',
    key: keys.segment(id),
    ...known({ name: lineOf(name, 500), status: isPublished === false ? ('draft' as const) : ('active' as const), createdAt: isoOf(dateAdded) }),
  })
}

function emailOf(email: Email, keys: Keys, now: string): SourceEntity {
  const audience = audienceOf((email.lists ?? []).map(({ id, name }) => ({ key: keys.segment(id), name: name ?? undefined })))
  const subject = lineOf(email.subject, 1000)
  return entity({
    type: 'campaign',
    key: keys.email(email.id),
    channel: 'Email',
    status: statusOf(email, now),
    ...known({ name: lineOf(email.name, 500), tags: audience.tags, createdAt: isoOf(email.dateAdded), startsAt: isoOf(email.publishUp), endsAt: isoOf(email.publishDown) }),
    definition: known({ kind: email.emailType === 'list' ? 'bulk' : 'automated', targetGroup: audience.targetGroup, template: subject ? { subject } : undefined }),
  })
}

function statusOf({ isPublished, sentCount, publishUp, publishDown }: Email, now: string): 'draft' | 'paused' | 'scheduled' | 'completed' | 'active' {
  if (isPublished === false) return sentCount ? 'paused' : 'draft'
  if ((isoOf(publishUp) ?? now) > now) return 'scheduled'
  return (isoOf(publishDown) ?? now) < now ? 'completed' : 'active'
}

/** The table from the state's mark on. Rows are asked for from the last time that was seen, without those of it that were: no page is skipped over however long the table is. */
async function* walk(ask: Ask, { table, column, where, events }: Walked, name: string, state: Running, keys: Keys): AsyncGenerator<Step> {
  let { at, seen } = state.marks[name] ?? { at: '1970-01-01 00:00:00', seen: 0 }
  const further = onward(`GET /api/stats/${table}`)
  for (;;) {
    const rows = await tablePage(ask, table, [column, 'id'], [{ col: column, expr: 'gte', val: at }, ...where], seen)
    const times = rows.map((row) => timeOf(row[column]))
    const last = times.at(-1)
    if (last === undefined) return
    further(rows.map(({ id }) => id))
    seen = times.filter((moment) => moment === last).length + (last === at ? seen : 0)
    at = last
    yield { records: await events(rows, { ask, campaign: keys.email }), next: { ...state, marks: { ...state.marks, [name]: { at, seen } } } }
    if (rows.length < rowsPerPage) return
  }
}

/** Mautic's times are in UTC, as the database writes them. */
const timeOf = (value: unknown): string => answerOf(z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/), value, 'GET /api/stats')

function overlapping(at: string): z.output<typeof markSchema> {
  const iso = isoOf(at) ?? at
  return { at: hoursBefore(iso, overlapHours).slice(0, 19).replace('T', ' '), seen: 0 }
}
