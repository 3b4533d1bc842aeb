/** Runs a pull source against a pretended platform by the real client, without waiting; keeps what the pages hold, and checks that each could be stored. */
import { z } from 'zod'
import { createPullClient, type PullClientOptions } from '../../src/ingest/pull-client.ts'
import type { PullPage, PullSource } from '../../src/ingest/sources/define.ts'
import { campaignOf, eventRow } from '../../src/ingest/sources/events.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { type EntityRow, entityRowSchema, entityType } from '../../src/domain/entities/index.ts'
import type { Platform } from './platforms/platform.ts'

/** A clock that only waiting moves. */
export function stillTime() {
  let now = 0
  const waits: number[] = []
  return {
    waits,
    clock: () => now,
    wait: async (ms: number) => {
      waits.push(ms)
      now += ms
    },
  }
}

export function clientOf(baseUrl: string, given: Partial<PullClientOptions> = {}) {
  const time = stillTime()
  const get = createPullClient({ baseUrl, local: true, privateHosts: [], signal: new AbortController().signal, ...time, ...given })
  return { get, waits: time.waits }
}

export interface Pulled {
  readonly entities: EntityRow[]
  readonly events: Record<string, unknown>[]
  readonly pages: number
  readonly cursor: Record<string, unknown>
  readonly error: unknown
}

export async function pull(type: string, platform: Platform, settings: Record<string, string>, { cursor = {}, now = '2026-01-01T00:00:00Z' } = {}): Promise<Pulled> {
  const source = sources.find((one): one is PullSource => one.type === type && one.connection === 'pull')
  if (!source) throw new Error(`No source ${type}`)
  const parsed = source.settings.parse({ baseUrl: platform.url, ...settings })
  const pages: PullPage[] = []
  let error: unknown
  try {
    for await (const page of source.pull({ settings: parsed, cursor, get: clientOf(platform.url).get, now: new Date(now) })) pages.push(page)
  } catch (thrown) {
    error = thrown
  }
  const records = pages.flatMap((page) => page.records)
  return {
    entities: records.flatMap((record) => (record.is === 'entity' ? [storable(record.row)] : [])),
    events: records.flatMap((record) => (record.is === 'event' ? [eventRow(record, campaignOf(record, source.campaigns ?? [], type))] : [])),
    pages: pages.length,
    // As it comes back from the store.
    cursor: JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? cursor)) as Record<string, unknown>,
    error,
  }
}

function storable(row: EntityRow): EntityRow {
  const { type, status, definition } = entityRowSchema.parse(row)
  const known = entityType(type as 'campaign')
  if (status) z.enum(known.statuses).parse(status)
  known.definition.parse(definition ?? {})
  return row
}

/** Breaks a first pull off at each of its requests, and goes on from its last cursor: what both tell together, told once. */
export async function brokenOffAnywhere(type: string, platform: Platform, settings: Record<string, string>, most: number): Promise<{ whole: Pulled; together: Pulled[] }> {
  const whole = await pull(type, platform, settings)
  const requests = platform.asked.length
  if (requests > most) throw new Error(`${requests} requests, at most ${most} were expected`)
  const together: Pulled[] = []
  for (let answers = 0; answers < requests; answers++) {
    platform.answersLeft = answers
    const first = await pull(type, platform, settings)
    platform.answersLeft = Number.POSITIVE_INFINITY
    const second = await pull(type, platform, settings, { cursor: first.cursor })
    together.push({ ...second, entities: [...first.entities, ...second.entities], events: [...first.events, ...second.events], error: first.error })
  }
  return { whole, together }
}
