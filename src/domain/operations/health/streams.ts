/** Sources that deliver by themselves, as health tells them: counted by request, from the operational store alone. Pure; checks no permission. */
import { label } from '../../../core/match.ts'
import { behindMs, type Stream } from '../../sources/index.ts'
import type { Pipeline, Status } from './answer.ts'
import type { NewestLoads } from './health-repository.ts'

/** Reasons of a source told at most. */
const mostReasons = 10

/** How long the oldest request waits; 0: nothing does. */
function lagSeconds({ waiting }: Stream, now: Date): number {
  return waiting.oldestAt === null ? 0 : Math.max(0, Math.floor((now.getTime() - Date.parse(waiting.oldestAt)) / 1000))
}

/** What a pipeline says of a stream: its requests in place of its loads, one a batch, of which there are too many to be gone through. */
export function streamFigures(
  stream: Stream,
  newest: NewestLoads | undefined,
  days: readonly string[],
  now: Date,
): Pick<Pipeline, 'stream' | 'loads' | 'failed' | 'accepted' | 'rejected' | 'rejects' | 'days'> {
  const { type, title, state, lastReceivedAt, waiting, setAside, lastRefusal, lastRefusedAt } = stream
  const byDay = days.map((day) => {
    const found = stream.days.find((one) => one.day === day)
    return { day, loads: found?.requests ?? 0, accepted: found?.accepted ?? 0, rejected: found?.rejected ?? 0 }
  })
  const total = (field: 'loads' | 'accepted' | 'rejected') => byDay.reduce((sum, day) => sum + day[field], 0)
  return {
    stream: {
      type,
      title,
      state,
      lastReceivedAt,
      waiting: { ...waiting, lagSeconds: lagSeconds(stream, now) },
      setAside,
      lastRefusal: lastRefusal === null ? null : label(lastRefusal),
      lastRefusedAt,
    },
    loads: total('loads'),
    failed: newest?.failed ?? 0,
    accepted: total('accepted'),
    rejected: total('rejected'),
    rejects: asideByReason(stream),
    days: byDay,
  }
}

function asideByReason({ reasons }: Stream): { reason: string; rows: number }[] {
  // Items of several kinds may have one reason.
  const byReason = Map.groupBy(reasons, ({ reason }) => label(reason))
  const rows = [...byReason].map(([reason, same]) => ({ reason, rows: same.reduce((sum, { items }) => sum + items, 0) })).sort((a, b) => b.rows - a.rows)
  const others = rows.slice(mostReasons).reduce((sum, one) => sum + one.rows, 0)
  return [...rows.slice(0, mostReasons), ...(others > 0 ? [{ reason: 'other reasons', rows: others }] : [])]
}

/** All streams in one look. */
export function streamsInSum(streams: readonly Stream[], now: Date): NonNullable<Status['streams']> {
  return {
    on: streams.filter(({ state }) => state !== 'off').length,
    behind: streams.filter((stream) => isBehind(stream, now)).length,
    refusing: streams.filter(({ state }) => state === 'refusing').length,
    waiting: streams.reduce((sum, { waiting }) => sum + waiting.items, 0),
    oldestWaitingAt: streams.flatMap(({ waiting }) => waiting.oldestAt ?? []).sort()[0] ?? null,
    setAside: streams.reduce((sum, { setAside }) => sum + setAside, 0),
  }
}

/** Also of a source that was turned off: what it delivered before is still to be loaded. */
const isBehind = (stream: Stream, now: Date): boolean => lagSeconds(stream, now) * 1000 >= behindMs

/** What is wrong with the streams, and what to do; none: nothing is, or nobody knows. */
export function streamTroubles(streams: Status['streams']): { message: string; action: string }[] {
  if (!streams) return []
  const { behind, refusing, setAside, waiting, oldestWaitingAt } = streams
  const many = (count: number, one: string) => (count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${one}s`)
  const verb = (count: number, one: string, more: string) => (count === 1 ? one : more)
  return [
    {
      there: behind,
      message: `${many(behind, 'source')} ${verb(behind, 'is', 'are')} behind: ${many(waiting, 'item')} ${verb(waiting, 'waits', 'wait')} to be loaded, the oldest since ${oldestWaitingAt}.`,
      action: 'They are loaded by themselves as soon as the stores answer; the pipelines (pipeline_status) say of which sources they are.',
    },
    {
      there: refusing,
      message: `${many(refusing, 'source')} ${verb(refusing, 'refuses', 'refuse')} what is delivered.`,
      action: 'The pipelines (pipeline_status) say why; mend the key or the signature, at the platform or on the page Sources.',
    },
    {
      there: setAside,
      message: `${many(setAside, 'item')} of sources could not be loaded and ${verb(setAside, 'is', 'are')} set aside.`,
      action: 'The pipelines (pipeline_status) say why; the page Sources sends them in again.',
    },
  ]
    .filter(({ there }) => there > 0)
    .map(({ message, action }) => ({ message, action }))
}
