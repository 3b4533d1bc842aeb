/** How Mercat is for one account, in one look: it asks everything at once, and says within 5 s what did not answer. Nothing of other accounts is in it. */
import type { Principal } from '../../../core/access.ts'
import packageJson from '../../../../package.json' with { type: 'json' }
import { factsSnapshot, isStale } from '../../facts/index.ts'
import { lastClock } from '../../../storage/operational/jobs-tables.ts'
import { type KnownTypes, listStreams } from '../../sources/index.ts'
import type { Stores } from '../../stores.ts'
import { type WebhookFigures, webhookFigures } from '../../webhooks/index.ts'
import { analyticsFacts, engineNames } from './analytics.ts'
import type { Status } from './answer.ts'
import { countCalls, countJobs, lastLoads, storeFacts, type StoreFacts, touch, uncountedLoads } from './health-repository.ts'
import { streamsInSum, streamTroubles } from './streams.ts'

/** An answer is promised within 5 s. */
const patienceMs = 4_500
const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** pg-boss looks at its clock every 45 s. */
const silentClockMs = 5 * 60_000
/** Work is taken up at once; longer means that nobody takes it. */
const longWaitMs = 10 * 60_000
/** A refresh follows a load at once. */
const longUncountedMs = hourMs

/** What came in time, or why nothing did. */
type Part<Value> = { readonly value: Value } | { readonly failed: true }

async function part<Value>(work: () => Promise<Value>): Promise<Part<Value>> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([work().then((value) => ({ value })), new Promise<Part<Value>>((resolve) => (timer = setTimeout(() => resolve({ failed: true }), patienceMs)))])
  } catch {
    // However it is away, the rest is still to be told.
    return { failed: true }
  } finally {
    clearTimeout(timer)
  }
}

const came = <Value>(given: Part<Value>): Value | null => ('value' in given ? given.value : null)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round((performance.now() - began) * 10) / 10
}

export async function platformStatus(
  { db, analytics, clock }: Stores,
  types: KnownTypes | undefined,
  principal: Principal,
  startedAt: Date,
  signal: AbortSignal | undefined,
): Promise<Status> {
  const { account } = principal
  const now = clock()
  const query = { signal, seconds: 4 }
  const [operational, figures, jobs, loads, newest, calls, outgoing, delivering] = await Promise.all([
    part(async () => ({ latencyMs: await timed(() => touch(db)), ...(await storeFacts(db)) })),
    part(async () => ({ latencyMs: await timed(() => analytics.query('SELECT 1', {}, query)), ...(await analyticsFacts(analytics, query)) })),
    part(async () => ({ ...(await countJobs(db, account.id, new Date(now.getTime() - dayMs))), clock: await lastClock(db), stale: await isStale(db, account.id) })),
    part(async () => ({ last: await lastLoads(db, account.id), uncounted: await uncountedLoads(db, account.id) })),
    part(() => factsSnapshot(analytics, account.id, query)),
    part(() => countCalls(db, account.id, new Date(now.getTime() - hourMs))),
    part(() => webhookFigures(db, account.id, now)),
    part(async () => await listStreams({ db, clock }, types, account)),
  ])
  const work = came(jobs)
  const all = came(delivering)
  const sources = came(loads)
  // A batch of a stream that failed is loaded again by itself: what of it is worth telling is that the stream is behind.
  const imports = sources?.last.filter(({ source }) => !all?.some(({ id }) => id === source)) ?? []
  const counted = came(calls)
  const webhooks = came(outgoing)
  const streams = all && streamsInSum(all, now)
  const seen = { now, startedAt, operational, figures, work, imports, uncounted: sources?.uncounted ?? [], streams, counted, webhooks }
  const reasons = reasonsOf(seen)
  return {
    state: 'failed' in operational ? 'down' : reasons.length > 0 ? 'degraded' : 'ok',
    reasons,
    mercat: { version: packageJson.version, startedAt: startedAt.toISOString(), uptimeSeconds: Math.floor((now.getTime() - startedAt.getTime()) / 1000) },
    stores: [storeOf('operational', operational, principal.operator), storeOf('analytics', figures, principal.operator, engineNames[analytics.engine])],
    jobs: work && {
      working: workingJobs(work.clock, seen),
      queued: work.queued,
      running: work.running,
      failedLastDay: work.failed,
      oldestQueuedAt: work.oldestQueuedAt?.toISOString() ?? null,
    },
    sources:
      sources?.last.map(({ name: source, state, started_at, finished_at }) => {
        const at = finished_at ?? started_at
        return { source, state, lastLoadAt: at.toISOString(), ageSeconds: Math.max(0, Math.floor((now.getTime() - at.getTime()) / 1000)) }
      }) ?? null,
    streams,
    facts:
      'value' in newest && work && sources
        ? {
            dataAsOf: newest.value.dataAsOf?.toISOString() ?? null,
            recounting: work.recounting || work.stale,
            loadsNotCounted: sources.uncounted.filter(({ state }) => state === 'loaded').length,
          }
        : null,
    webhooks: webhooks && webhooksOf(webhooks),
    mcp: { enabled: account.mcpEnabled, callsLastHour: counted?.calls ?? null, errorsLastHour: counted?.errors ?? null, faultsLastHour: counted?.faults ?? null },
    checkedAt: now.toISOString(),
  }
}

function webhooksOf({ pending, oldestPendingAt, failedLastDay, lastDeliveredAt, endpoints }: WebhookFigures): NonNullable<Status['webhooks']> {
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    pending,
    oldestPendingAt: iso(oldestPendingAt),
    failedLastDay,
    lastDeliveredAt: iso(lastDeliveredAt),
    endpoints: endpoints.map((endpoint) => ({ ...endpoint, lastDeliveredAt: iso(endpoint.lastDeliveredAt) })),
  }
}

function storeOf(store: 'operational' | 'analytics', found: Part<StoreFacts & { latencyMs: number }>, operator: boolean, engine = 'PostgreSQL'): Status['stores'][number] {
  const facts = came(found)
  return {
    store,
    reachable: facts !== null,
    engine: facts?.engine ?? engine,
    version: facts?.version ?? null,
    schemaVersion: facts?.schemaVersion ?? null,
    latencyMs: facts?.latencyMs ?? null,
    sizeBytes: operator ? (facts?.bytes ?? null) : null,
  }
}

interface Seen {
  readonly now: Date
  readonly startedAt: Date
  readonly operational: Part<unknown>
  readonly figures: Part<unknown>
  readonly work: (Awaited<ReturnType<typeof countJobs>> & { readonly clock: Date | null }) | null
  /** The last load of each source that does not deliver by itself. */
  readonly imports: Awaited<ReturnType<typeof lastLoads>>
  readonly uncounted: Awaited<ReturnType<typeof uncountedLoads>>
  readonly streams: Status['streams']
  readonly counted: Awaited<ReturnType<typeof countCalls>> | null
  readonly webhooks: WebhookFigures | null
}

/** Whether somebody takes up jobs; null while this process is too young to know. */
function workingJobs(ticked: Date | null, { now, startedAt }: Pick<Seen, 'now' | 'startedAt'>): boolean | null {
  if (ticked && now.getTime() - ticked.getTime() < silentClockMs) return true
  return now.getTime() - startedAt.getTime() < silentClockMs ? null : false
}

function reasonsOf(seen: Seen): Status['reasons'] {
  const { now, operational, figures, work, imports, uncounted, streams, counted, webhooks } = seen
  const reasons: Status['reasons'] = []
  const add = (what: string, message: string, action: string) => void reasons.push({ what, message, action })
  if ('failed' in operational)
    add(
      'operational_store',
      'The operational store does not answer: nobody can be signed in or authorised.',
      'Start PostgreSQL, or mend the network to it. Mercat goes on by itself.',
    )
  if ('failed' in figures)
    add('analytics_store', 'The analytics store does not answer: there are no figures at the moment.', 'Start ClickHouse, or mend the network to it. Mercat goes on by itself.')
  if (work && workingJobs(work.clock, seen) === false)
    add('jobs', 'Nobody takes up jobs: their clock has been still for 5 minutes.', 'Look into the log for “jobs”, and start Mercat again if it says nothing.')
  if (work?.oldestQueuedAt && work.running === 0 && now.getTime() - work.oldestQueuedAt.getTime() > longWaitMs)
    add('jobs', `A job has been waiting since ${work.oldestQueuedAt.toISOString()}, and none is running.`, 'The list of jobs (list_jobs) names it; look into the log for “jobs”.')
  if (work && work.failed > 0) add('failed_jobs', `${work.failed} ${work.failed === 1 ? 'job' : 'jobs'} failed in the last 24 hours.`, 'The list of jobs (list_jobs) says why.')
  for (const { name, state, error } of imports)
    if (state === 'failed' || (state === 'loaded' && error !== null))
      add('source', `The last load of the source ${name} failed.`, 'The pipelines (pipeline_status) say why; mend it and load again: loading twice changes nothing.')
  for (const { message, action } of streamTroubles(streams)) add('sources', message, action)
  const [waiting] = uncounted.filter(({ state }) => state === 'loaded')
  if (waiting && now.getTime() - waiting.started_at.getTime() > longUncountedMs)
    add('facts', `A load of ${waiting.started_at.toISOString()} is in and not counted yet.`, 'It is counted with the next load, or when Mercat starts again.')
  if (counted && counted.faults > 0)
    add(
      'mcp',
      `${counted.faults} of ${counted.calls} tool calls of the last hour failed through no fault of the caller.`,
      'The audit log has them; a log entry has each reference.',
    )
  const troubles = webhooks ? webhookTroubles(webhooks) : []
  if (troubles.length > 0) add('webhooks', troubles.join(' '), webhookAdvice)
  return reasons
}

const webhookAdvice = 'The page Mission control lists the deliveries with what is wrong; mend the receiver, and send there again what failed.'

function webhookTroubles({ retrying, failedLastDay, overdue }: WebhookFigures): string[] {
  const many = (count: number) => (count === 1 ? '1 webhook' : `${count} webhooks`)
  return [
    ...(retrying > 0 ? [`${many(retrying)} could not be delivered yet: a receiver does not take ${retrying === 1 ? 'it' : 'them'}.`] : []),
    ...(failedLastDay > 0 ? [`${many(failedLastDay)} could not be delivered at all in the last 24 hours.`] : []),
    ...(overdue > 0 ? [`${many(overdue)} should have been sent more than 10 minutes ago.`] : []),
  ]
}
