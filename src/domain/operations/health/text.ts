/** Answers about health as compact Markdown that says the same as their structured form. Names of users are made inert here. Pure. */
import { pageLine } from '../../../core/page.ts'
import { inline, percent, table } from '../../../core/text.ts'
import type { ExecutionErrors, Pipelines, Status } from './answer.ts'

const count = (number: number) => number.toLocaleString('en')

/** "3 d 4 h", "5 min", "12 s". */
function span(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`
}

export function statusText(status: Status): string {
  const { mercat, stores, jobs, sources, streams, facts, webhooks, mcp } = status
  const storeLine = (store: Status['stores'][number]) =>
    `- ${store.store} store: ${store.engine}${store.version === null ? '' : ` ${inline(store.version)}`}, ${
      store.reachable ? `reachable, ${store.latencyMs} ms` : 'NOT reachable'
    }${store.schemaVersion === null ? '' : `, schema ${store.schemaVersion}`}${store.sizeBytes === null ? '' : `, ${count(Math.round(store.sizeBytes / 1e6))} MB`}`
  const working = jobs?.working === false ? 'NOT working' : jobs?.working === null ? 'not known yet' : 'working'
  return [
    `**${status.state}** at ${status.checkedAt}; Mercat ${mercat.version}, up ${span(mercat.uptimeSeconds)} (since ${mercat.startedAt})`,
    ...status.reasons.map(({ what, message, action }) => `- ${what}: ${inline(message)} ${inline(action)}`),
    '',
    ...stores.map(storeLine),
    jobs
      ? `- jobs: ${working}, ${jobs.queued} queued${jobs.oldestQueuedAt === null ? '' : ` (oldest since ${jobs.oldestQueuedAt})`}, ${jobs.running} running, ${jobs.failedLastDay} failed in 24 h`
      : '- jobs: not known',
    facts
      ? `- facts: dataAsOf ${facts.dataAsOf ?? 'none'}, ${facts.recounting ? 'being counted anew' : 'not being counted anew'}, ${facts.loadsNotCounted} loads not counted`
      : '- facts: not known',
    ...webhookLines(webhooks),
    streamLine(streams),
    `- MCP: ${mcp.enabled ? 'on' : 'off'}, last hour ${mcp.callsLastHour ?? '?'} calls, ${mcp.errorsLastHour ?? '?'} errors, ${mcp.faultsLastHour ?? '?'} of them faults of Mercat`,
    sources === null
      ? '- sources: not known'
      : sources.length === 0
        ? '- sources: nothing was loaded yet'
        : `- sources: ${sources.map(({ source, state, lastLoadAt, ageSeconds }) => `${inline(source)} ${state} ${lastLoadAt} (${span(ageSeconds)} ago)`).join('; ')}`,
  ].join('\n')
}

function streamLine(streams: Status['streams']): string {
  if (!streams) return '- streams: not known'
  const { on, behind, refusing, waiting, oldestWaitingAt, setAside } = streams
  return `- streams: ${on} on, ${behind} behind, ${refusing} refusing; ${count(waiting)} items wait${oldestWaitingAt === null ? '' : ` (oldest since ${oldestWaitingAt})`}, ${count(setAside)} set aside`
}

function webhookLines(webhooks: Status['webhooks']): string[] {
  if (!webhooks) return ['- webhooks: not known']
  const { endpoints, pending, oldestPendingAt, failedLastDay, lastDeliveredAt } = webhooks
  if (endpoints.length === 0) return ['- webhooks: no endpoints']
  return [
    `- webhooks: ${pending} pending${oldestPendingAt === null ? '' : ` (oldest since ${oldestPendingAt})`}, ${failedLastDay} failed in 24 h, last delivered ${lastDeliveredAt ?? 'never'}`,
    ...endpoints.map(
      (endpoint) =>
        `  - ${inline(endpoint.host)} ${endpoint.state}: ${endpoint.pending} pending, ${endpoint.failedLastDay} failed in 24 h, last delivered ${endpoint.lastDeliveredAt ?? 'never'}${
          endpoint.lastError === null ? '' : `; ${endpoint.lastError}`
        }`,
    ),
  ]
}

type Pipeline = Pipelines['pipelines'][number]
type Load = NonNullable<Pipeline['lastLoad']>

function loadWords({ id, label, state, accepted, rejected, error, startedAt, finishedAt }: Load): string {
  const named = label === null ? '' : ` "${inline(label)}"`
  return `load ${id}${named} ${state}, begun ${startedAt}${finishedAt === null ? '' : `, ended ${finishedAt}`}, ${count(accepted)} accepted, ${count(rejected)} rejected${
    error === null ? '' : `, error: ${inline(error)}`
  }`
}

function streamWords({ type, title, state, lastReceivedAt, waiting, setAside, lastRefusal, lastRefusedAt }: NonNullable<Pipeline['stream']>): string {
  const { requests, items, oldestAt, lagSeconds } = waiting
  return [
    `- stream ${inline(title)} (${inline(type)}) ${state}: last received ${lastReceivedAt ?? 'never'}`,
    requests === 0 ? 'nothing waits' : `${count(requests)} requests with ${count(items)} items wait, lag ${span(lagSeconds)} (oldest since ${oldestAt})`,
    `${count(setAside)} set aside`,
    ...(lastRefusedAt === null ? [] : [`last refused ${lastRefusedAt}: ${inline(lastRefusal ?? 'not known why')}`]),
  ].join('; ')
}

export function pipelinesText(answer: Pipelines): string {
  const { pipelines, period, coverage } = answer
  const blocks = pipelines.map((pipeline) =>
    [
      `**${inline(pipeline.source)}** ${pipeline.loads} ${pipeline.stream ? 'requests' : 'loads'} (${pipeline.failed} ${pipeline.stream ? 'loads ' : ''}failed), ${count(pipeline.accepted)} rows accepted, ${count(pipeline.rejected)} rejected`,
      ...(pipeline.stream ? [streamWords(pipeline.stream)] : []),
      ...(pipeline.lastLoad ? [`- last: ${loadWords(pipeline.lastLoad)}`] : []),
      ...pipeline.running.map((load) => `- running: ${loadWords(load)} so far`),
      pipeline.lastEventAt === null ? '- last event: not known' : `- last event ${pipeline.lastEventAt}, lag ${span(pipeline.lagSeconds ?? 0)}`,
      ...(pipeline.rejects ?? []).map(({ reason, rows }) => `- ${pipeline.stream ? 'set aside' : 'rejected'} ${count(rows)}: ${inline(reason)}`),
      `- by day (${pipeline.stream ? 'requests' : 'loads'}, accepted, rejected): ${pipeline.days.map(({ day, loads, accepted, rejected }) => `${day} ${loads}, ${accepted}, ${rejected}`).join('; ')}`,
    ].join('\n'),
  )
  return [
    pipelines.length ? blocks.join('\n\n') : 'Nothing was loaded yet.',
    '',
    `${pageLine(coverage, answer.nextCursor)}; loads begun ${period.startDate} to ${period.endDate} (${period.timeZone}); dataAsOf ${answer.dataAsOf ?? 'none'}.${
      answer.analytics === 'unavailable' ? ' The analytics store does not answer: reasons of rejects and last events are not known now.' : ''
    }`,
  ].join('\n')
}

export function errorsText(answer: ExecutionErrors): string {
  const { errors, coverage, passport } = answer
  const rows = errors.map((error) => [
    error.kind,
    inline(error.campaign?.name ?? error.source ?? '-'),
    error.channel ?? '-',
    error.event,
    inline(error.error),
    error.count === null ? `fewer than ${passport.privacyFloor}` : count(error.count),
    percent(error.shareOfSends),
    `${error.firstAt} to ${error.lastAt}`,
  ])
  return [
    rows.length ? table(['kind', 'campaign or source', 'channel', 'event', 'error', 'count', 'of sends', 'first to last'], rows) : 'No errors.',
    '',
    `${pageLine(coverage, answer.nextCursor)}; ${passport.startDate} to ${passport.endDate} (${passport.timeZone}); dataAsOf ${passport.dataAsOf ?? 'none'}. ${passport.definition}`,
  ].join('\n')
}
