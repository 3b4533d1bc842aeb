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
import { lastLoads, loadsByDay, type LoadRow, type SourceDay, uncountedLoads } from './health-repository.ts'

const days = 7
const usualLimit = 20
/** Reasons of a source, and loads that run, told at most. */
const mostReasons = 10
const mostRunning = 10
/** Newest events are looked for in this many of a source's loads. */
const mostLoads = 200
const seconds = 4
/** Rows that the file's reader or the entities refused: their reasons are in no store. */
const otherReason = 'not readable, or refused as an entity; the file of rejected rows says why'

export async function pipelineStatus({ db, analytics, clock }: Stores, principal: Principal, input: PipelinesInput, signal: AbortSignal | undefined): Promise<Pipelines> {
  const { account } = principal
  const now = clock()
  const today = dayOf(now, account.timeZone)
  const first = addDays(today, 1 - days)
  const last = await lastLoads(db, account.id)
  const chosen = input.source === undefined ? last : [pick([input.source], last.map(choice), 'source', { one: 'source', many: 'sources' })].flat().map(({ row }) => row)
  const period = { startDate: first, endDate: today, timeZone: account.timeZone }
  const filters = { source: input.source === undefined ? null : (chosen[0]?.source ?? null) }
  const from = input.cursor === undefined ? 0 : decodeCursor(input.cursor, pipelinesQuestion({ filters, period })).position
  if (typeof from !== 'number') throw foreignCursor()
  const page = chosen.slice(from, from + (input.limit ?? usualLimit))
  const byDay = await loadsByDay(db, account.id, account.timeZone, startOfDay(first, account.timeZone))
  const open = (await uncountedLoads(db, account.id)).filter(({ state }) => state === 'running')

  const ofSource = (source: string) => byDay.filter((row) => row.source === source)
  const loadsOf = (row: LoadRow) => [...new Set([row.id, ...ofSource(row.source).flatMap(({ ids }) => ids)])].sort((a, b) => b - a).slice(0, mostLoads)
  const loads = page.flatMap((row) => loadsOf(row).map((id) => ({ id, source: row.source })))
  const lists = { ids: loads.map(({ id }) => id), sources: loads.map(({ source }) => source) }
  const running = open.filter(({ source }) => page.some((row) => row.source === source))
  const options = { signal, seconds }
  const known = await Promise.all([
    loadedRows(analytics, account.id, lists, options),
    newestEvents(analytics, account.id, lists, options),
    loadedRows(analytics, account.id, { ids: running.map(({ id }) => id), sources: running.map(({ id }) => String(id)) }, options),
    factsSnapshot(analytics, account.id, options),
  ]).catch((error: unknown) => {
    if (error instanceof MercatError && (error.code === 'unavailable' || error.code === 'deadline_exceeded')) return undefined
    throw error
  })

  const restricted = isRestricted(principal)
  const pipelines = page.map((row): Pipeline => {
    const own = ofSource(row.source)
    const events = known?.[1].find(({ source }) => source === row.source)?.at ?? null
    return {
      source: row.source,
      lastLoad: shown(row, restricted),
      running: running
        .filter(({ source }) => source === row.source)
        .slice(0, mostRunning)
        .map((load) => shown({ ...load, accepted: rowsSoFar(load.id, known?.[2]) }, restricted)),
      loads: total(own, 'loads'),
      failed: total(own, 'failed'),
      accepted: total(own, 'accepted'),
      rejected: total(own, 'rejected'),
      rejects: known ? reasonsOf(row, own, known[0]) : null,
      lastEventAt: events,
      lagSeconds: events === null ? null : Math.max(0, Math.floor((now.getTime() - Date.parse(events)) / 1000)),
      days: Array.from({ length: days }, (_, index) => addDays(first, index)).map((day) => {
        const found = own.find((one) => one.day === day)
        return { day, loads: found?.loads ?? 0, accepted: found?.accepted ?? 0, rejected: found?.rejected ?? 0 }
      }),
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

const choice = (row: LoadRow) => ({ id: row.source, name: row.source, row })

/** A file may be named after somebody's client: members who see only some of them are not told. */
function shown(load: LoadRow, restricted: boolean): Pipeline['lastLoad'] {
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

const rowsSoFar = (id: number, rows: readonly { source: string; reason: string; rows: number }[] = []) =>
  rows.filter(({ source, reason }) => source === String(id) && reason === '').reduce((sum, one) => sum + one.rows, 0)

function reasonsOf(row: LoadRow, own: readonly SourceDay[], rows: readonly { source: string; reason: string; rows: number }[]): { reason: string; rows: number }[] {
  const reasons = rows.filter(({ source, reason }) => source === row.source && reason !== '').map(({ reason, rows: count }) => ({ reason: label(reason), rows: count }))
  // The last load may be older than the days that are counted.
  const counted = total(own, 'rejected') + (own.some(({ ids }) => ids.includes(row.id)) ? 0 : row.rejected)
  const other = counted - reasons.reduce((sum, one) => sum + one.rows, 0)
  return [...reasons.slice(0, mostReasons), ...(other > 0 ? [{ reason: otherReason, rows: other }] : [])]
}
