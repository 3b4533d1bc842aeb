/** What came in, by source: the last load, what was rejected and why, how old the newest event is. Counts only, never a row of a file. */
import { isRestricted, type Principal } from '../../../core/access.ts'
import { MercatError } from '../../../core/errors.ts'
import { decodeCursor, foreignCursor, pageAt } from '../../../core/page.ts'
import { addDays, dayOf, startOfDay } from '../../../core/period.ts'
import { factsSnapshot } from '../../facts/index.ts'
import { label, pick } from '../../../core/match.ts'
import type { Stores } from '../../stores.ts'
import { loadedRows, newestEvents } from './analytics.ts'
import { type Pipeline, type Pipelines, type PipelinesInput, pipelinesQuestion } from './answer.ts'
import { type KnownTypes, listStreams, type Stream } from '../../sources/index.ts'
import { type LastLoad, lastLoads, loadsByDay, type LoadRow, newestLoads, type SourceDay, uncountedLoads } from './health-repository.ts'
import { streamFigures } from './streams.ts'

const days = 7
const usualLimit = 20
/** Reasons of a source, and loads that run, told at most. */
const mostReasons = 10
const mostRunning = 10
/** Newest events are looked for in this many of a source's loads. */
const mostLoads = 200
/** Of a stream, which has a load every few seconds, in this many. */
const mostLoadsOfStream = 50
const seconds = 4
/** Rows that the file's reader or the entities refused: their reasons are in no store. */
const otherReason = 'not readable, or refused as an entity; the file of rejected rows says why'

export async function pipelineStatus(
  { db, analytics, clock }: Stores,
  types: KnownTypes | undefined,
  principal: Principal,
  input: PipelinesInput,
  signal: AbortSignal | undefined,
): Promise<Pipelines> {
  const { account } = principal
  const now = clock()
  const today = dayOf(now, account.timeZone)
  const first = addDays(today, 1 - days)
  const all = sourcesOf(await lastLoads(db, account.id), await listStreams({ db, clock }, types, account))
  const chosen = input.source === undefined ? all : [pick([input.source], all.map(choice), 'source', { one: 'source', many: 'sources' })].flat().map(({ row }) => row)
  const period = { startDate: first, endDate: today, timeZone: account.timeZone }
  const filters = { source: input.source === undefined ? null : (chosen[0]?.name ?? null) }
  const from = input.cursor === undefined ? 0 : decodeCursor(input.cursor, pipelinesQuestion({ filters, period })).position
  if (typeof from !== 'number') throw foreignCursor()
  const page = chosen.slice(from, from + (input.limit ?? usualLimit))
  const streams = (those: readonly Source[]) => those.filter(({ stream }) => stream).map(({ source }) => source)
  const byDay = await loadsByDay(db, account.id, account.timeZone, startOfDay(first, account.timeZone), streams(all))
  const newest = await newestLoads(db, account.id, streams(page), mostLoadsOfStream)
  const open = (await uncountedLoads(db, account.id)).filter(({ state }) => state === 'running')

  const ofSource = (source: string) => byDay.filter((row) => row.source === source)
  const loadsOf = ({ source, last, stream }: Source): readonly number[] => {
    if (stream) return newest.find((one) => one.source === source)?.ids ?? []
    return [...new Set([...(last ? [last.id] : []), ...ofSource(source).flatMap(({ ids }) => ids)])].sort((a, b) => b - a).slice(0, mostLoads)
  }
  const loadsOfAll = (those: readonly Source[]) => {
    const loads = those.flatMap((row) => loadsOf(row).map((id) => ({ id, source: row.source })))
    return { ids: loads.map(({ id }) => id), sources: loads.map(({ source }) => source) }
  }
  const running = open.filter(({ source }) => page.some((row) => row.source === source))
  const options = { signal, seconds }
  const known = await Promise.all([
    loadedRows(analytics, account.id, loadsOfAll(page.filter(({ stream }) => !stream)), options),
    newestEvents(analytics, account.id, loadsOfAll(page), options),
    loadedRows(analytics, account.id, { ids: running.map(({ id }) => id), sources: running.map(({ id }) => String(id)) }, options),
    factsSnapshot(analytics, account.id, options),
  ]).catch((error: unknown) => {
    if (error instanceof MercatError && (error.code === 'unavailable' || error.code === 'deadline_exceeded')) return undefined
    throw error
  })

  const restricted = isRestricted(principal)
  const dayNames = Array.from({ length: days }, (_, index) => addDays(first, index))
  const pipelines = page.map(({ name, source, last, stream }): Pipeline => {
    const events = known?.[1].find((one) => one.source === source)?.at ?? null
    return {
      source: name,
      lastLoad: last ? shown(last, restricted) : null,
      running: running
        .filter((load) => load.source === source)
        .slice(0, mostRunning)
        .map((load) => shown({ ...load, accepted: rowsSoFar(load.id, known?.[2]) }, restricted)),
      lastEventAt: events,
      lagSeconds: events === null ? null : Math.max(0, Math.floor((now.getTime() - Date.parse(events)) / 1000)),
      ...(stream
        ? streamFigures(
            stream,
            newest.find((one) => one.source === source),
            dayNames,
            now,
          )
        : loadFigures(last, ofSource(source), dayNames, known?.[0])),
    }
  })
  return {
    pipelines,
    period,
    filters,
    dataAsOf: known?.[3].dataAsOf?.toISOString() ?? null,
    analytics: known ? 'ok' : 'unavailable',
    ...pageAt(from, pipelines.length, chosen.length, pipelinesQuestion({ filters, period })),
  }
}

/** Where rows come from: loads of one name, a source that delivers by itself, or the one as what the other brings. */
interface Source {
  readonly name: string
  /** What its loads carry. */
  readonly source: string
  readonly last: LoadRow | undefined
  readonly stream: Stream | undefined
}

/** By name. A stream that has delivered nothing yet is one too. */
function sourcesOf(last: readonly LastLoad[], streams: readonly Stream[]): Source[] {
  const names = [...new Set([...last.map(({ name }) => name), ...streams.map(({ name }) => name)])].sort()
  return names.map((name) => {
    const load = last.find((one) => one.name === name)
    const stream = streams.find((one) => one.name === name)
    const source = stream?.id ?? load?.source ?? name
    // One that was removed may have had the name before.
    return { name, source, last: load?.source === source ? load : undefined, stream }
  })
}

const choice = (row: Source) => ({ id: row.source, name: row.name, row })

type Rows = readonly { source: string; reason: string; rows: number }[]

/** What a pipeline says of imports and the like: every load by itself. */
function loadFigures(
  last: LoadRow | undefined,
  own: readonly SourceDay[],
  dayNames: readonly string[],
  rows: Rows | undefined,
): Pick<Pipeline, 'stream' | 'loads' | 'failed' | 'accepted' | 'rejected' | 'rejects' | 'days'> {
  return {
    stream: null,
    loads: total(own, 'loads'),
    failed: total(own, 'failed'),
    accepted: total(own, 'accepted'),
    rejected: total(own, 'rejected'),
    rejects: rows && last ? reasonsOf(last, own, rows) : null,
    days: dayNames.map((day) => {
      const found = own.find((one) => one.day === day)
      return { day, loads: found?.loads ?? 0, accepted: found?.accepted ?? 0, rejected: found?.rejected ?? 0 }
    }),
  }
}

/** A file may be named after somebody's client: members who see only some of them are not told. */
function shown(load: LoadRow, restricted: boolean): NonNullable<Pipeline['lastLoad']> {
  return {
    id: load.id,
    label: restricted ? null : label(load.label),
    state: load.state,
    accepted: load.accepted,
    rejected: load.rejected,
    error: load.error === null ? null : restricted ? 'failed' : label(load.error),
    startedAt: load.started_at.toISOString(),
    finishedAt: load.finished_at?.toISOString() ?? null,
  }
}

const total = (rows: readonly SourceDay[], field: 'loads' | 'failed' | 'accepted' | 'rejected') => rows.reduce((sum, row) => sum + row[field], 0)

const rowsSoFar = (id: number, rows: Rows = []) => rows.filter(({ source, reason }) => source === String(id) && reason === '').reduce((sum, one) => sum + one.rows, 0)

function reasonsOf(row: LoadRow, own: readonly SourceDay[], rows: Rows): { reason: string; rows: number }[] {
  const reasons = rows.filter(({ source, reason }) => source === row.source && reason !== '').map(({ reason, rows: count }) => ({ reason: label(reason), rows: count }))
  // The last load may be older than the days that are counted.
  const counted = total(own, 'rejected') + (own.some(({ ids }) => ids.includes(row.id)) ? 0 : row.rejected)
  const other = counted - reasons.reduce((sum, one) => sum + one.rows, 0)
  return [...reasons.slice(0, mostReasons), ...(other > 0 ? [{ reason: otherReason, rows: other }] : [])]
}
