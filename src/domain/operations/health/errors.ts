/** What went wrong in execution: messages that bounced or failed, loads and jobs that failed. Groups and counts, never a person; a member sees errors of the campaigns they may see. */
import { isRestricted, type Principal } from '../../../core/access.ts'
import { errorTable } from '../../../core/errors.ts'
import { decodeCursor, foreignCursor, pageAt } from '../../../core/page.ts'
import { addDays, dayOf, parsePeriod, startOfDay } from '../../../core/period.ts'
import { readSettings } from '../../accounts/index.ts'
import { channelNames } from '../../channels.ts'
import { listHeads } from '../../entities/index.ts'
import { factsSnapshot } from '../../facts/index.ts'
import { asChoices, label, pick } from '../../../core/match.ts'
import type { Stores } from '../../stores.ts'
import { type ErrorRow, messageErrors } from './analytics.ts'
import { errorsQuestion, type ErrorsInput, type ExecutionError, type ExecutionErrors } from './answer.ts'
import { failedJobs, failedLoads, type Failures, newestLoad } from './health-repository.ts'

const usualDays = 7
const mostDays = 366
const usualLimit = 20
/** Groups of failed loads and jobs, each. */
const mostFailures = 100
const seconds = 30

const definition =
  'Messages with at least one bounce or failure in the period (days of the account’s zone), by campaign, channel, event and error; repeated events count once. ' +
  'Texts of fewer messages than the privacy floor are joined by status code, as "550 …". ' +
  'shareOfSends = count / messages of that campaign and channel sent in the period; null where more failed than were sent in it. Loads and jobs count as often as they failed.'

interface Asked {
  readonly from: Date
  readonly to: Date
  /** The state all pages show: nothing that a later load brought, nothing that ended later. */
  readonly newestLoad: number
  readonly until: Date
}

export async function executionErrors(stores: Stores, principal: Principal, input: ErrorsInput, signal: AbortSignal | undefined): Promise<ExecutionErrors> {
  const { db, analytics, clock } = stores
  const { account } = principal
  const now = clock()
  const days = parsePeriod(input, dayOf(now, account.timeZone), account.timeZone, { usual: usualDays, most: mostDays })
  const period = { startDate: days.start, endDate: days.end, timeZone: account.timeZone }
  const { privacyFloor } = await readSettings(db, account.id)
  const heads = await listHeads(db, principal, 'campaign')
  const campaigns = input.campaignIds?.length ? pick(input.campaignIds, heads, 'campaignIds', { one: 'campaign', many: 'campaigns' }) : undefined
  const known = asChoices(channelNames)
  const channels = input.channels?.length ? pick(input.channels, known, 'channels', { one: 'channel', many: 'channels' }).map(({ name }) => name) : undefined
  const filters = { campaignIds: campaigns?.map(({ id }) => id) ?? null, channels: channels ?? null, kind: input.kind ?? null }
  const place = placeOf(input.cursor, errorsQuestion({ filters, ...period }))
  const asOf = place?.asOf ?? `${await newestLoad(db, account.id)}-${now.getTime()}`
  const [load = 0, until = 0] = asOf.split('-').map(Number)
  const asked: Asked = {
    from: startOfDay(period.startDate, account.timeZone),
    to: startOfDay(addDays(period.endDate, 1), account.timeZone),
    newestLoad: load,
    until: new Date(until),
  }

  const restricted = isRestricted(principal)
  const failures = restricted || campaigns || channels ? [] : await failuresOf(stores, account.id, asked, input.kind)
  const from = place?.from ?? 0
  const limit = input.limit ?? usualLimit
  const first = failures.slice(from, from + limit)
  // One at least: it says how many there are.
  const messages =
    input.kind === undefined || input.kind === 'message'
      ? await messageErrors(
          analytics,
          {
            account: account.id,
            ...asked,
            start: period.startDate,
            end: period.endDate,
            campaigns: campaigns?.map(({ key }) => key) ?? (restricted ? heads.map(({ key }) => key) : undefined),
            channels,
            floor: privacyFloor,
          },
          { offset: Math.max(0, from - failures.length), limit: Math.max(1, limit - first.length) },
          { signal, seconds },
        )
      : { rows: [], of: 0 }
  const names = new Map(heads.map((head) => [head.key, head]))
  const errors = [...first, ...messages.rows.slice(0, limit - first.length).map((row) => ofMessages(row, names.get(row.campaign), privacyFloor))]
  const passport = {
    ...period,
    filters,
    privacyFloor,
    definition,
    dataAsOf: (await factsSnapshot(analytics, account.id, { signal, seconds })).dataAsOf?.toISOString() ?? null,
    asOf,
  }
  return { errors, passport, ...pageAt(from, errors.length, failures.length + messages.of, errorsQuestion(passport), asOf) }
}

/** A cursor is a position that any caller can write: what it names must at least be a place. */
function placeOf(cursor: string | undefined, question: unknown): { from: number; asOf: string } | undefined {
  if (cursor === undefined) return undefined
  const { position, asOf } = decodeCursor(cursor, question)
  if (typeof position !== 'number' || position > 1_000_000_000 || !/^\d{1,15}-\d{1,15}$/.test(asOf ?? '')) throw foreignCursor()
  return { from: position, asOf: asOf ?? '' }
}

async function failuresOf({ db }: Stores, accountId: string, { from, to, until }: Asked, kind: ErrorsInput['kind']): Promise<ExecutionError[]> {
  const end = until < to ? until : to
  const loads = kind === undefined || kind === 'load' ? await failedLoads(db, accountId, { from, to, until }, mostFailures) : []
  const jobs = kind === undefined || kind === 'job' ? await failedJobs(db, accountId, from, end, mostFailures) : []
  // What a job was refused with may name what one may not see: its code says enough.
  const meaning = (code: string) => (Object.hasOwn(errorTable, code) ? `${code}: ${errorTable[code as keyof typeof errorTable].means}` : 'internal')
  return [...loads.map((one) => ofWork('load', one, label(one.error))), ...jobs.map((one) => ofWork('job', one, meaning(one.error)))]
}

const ofWork = (kind: 'load' | 'job', { of, count, first, last }: Failures, error: string): ExecutionError => ({
  kind,
  campaign: null,
  channel: null,
  event: 'failed',
  error,
  source: of,
  count,
  shareOfSends: null,
  sends: null,
  firstAt: first.toISOString(),
  lastAt: last.toISOString(),
})

function ofMessages(row: ErrorRow, campaign: { id: string; name: string } | undefined, floor: number): ExecutionError {
  const few = row.messages < floor
  return {
    kind: 'message',
    campaign: { id: campaign?.id ?? null, name: label(campaign?.name ?? row.campaign) },
    channel: row.channel || null,
    event: row.bounce ? `${row.event} ${row.bounce}` : row.event,
    error: label(row.error) || 'no reason given',
    source: null,
    count: few ? null : row.messages,
    shareOfSends: few || row.sends < row.messages || row.sends === 0 ? null : row.messages / row.sends,
    sends: row.sends,
    // To the day: an instant would say which message it was.
    firstAt: few ? row.first.slice(0, 10) : row.first,
    lastAt: few ? row.last.slice(0, 10) : row.last,
  }
}
