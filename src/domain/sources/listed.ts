/** What people see of a source and of a kind of source. Pure; shows no secret. */
import type { Backlog } from './inbox-repository.ts'
import type { DayVolume } from './set-aside-repository.ts'
import type { SourceRow } from './sources-repository.ts'
import type { Connection, SourceType } from './type.ts'

export interface SettingListed {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly secret: boolean
  readonly required: boolean
  /** Mercat makes it when it is not given. */
  readonly generated: boolean
}

export interface TypeListed {
  readonly type: string
  readonly title: string
  readonly summary: string
  readonly connection: Connection
  readonly settings: readonly SettingListed[]
  /** Whether rules say which campaign an event belongs to. */
  readonly hasCampaignRules: boolean
}

export function typeListed({ type, title, summary, connection, settings, campaigns }: SourceType): TypeListed {
  return {
    type,
    title,
    summary,
    connection,
    settings: Object.entries(settings.shape).map(([name, member]) => {
      const meta = member.meta() ?? {}
      return {
        name,
        title: meta.title ?? name,
        description: meta.description ?? '',
        secret: meta.secret === true,
        required: !member.safeParse(undefined).success && meta.generated !== true,
        generated: meta.generated === true,
      }
    }),
    hasCampaignRules: campaigns !== undefined,
  }
}

/** Off: a person turned it off. Unfinished: settings are missing. Refusing: the last request was refused, and none was kept since. Behind: what came waits for longer than usual. */
export type SourceState = 'off' | 'unfinished' | 'silent' | 'refusing' | 'behind' | 'ok'

export interface SourceListed {
  readonly id: string
  readonly type: string
  readonly title: string
  readonly connection: Connection
  readonly name: string
  readonly state: SourceState
  /** Titles of settings that are still needed. */
  readonly missing: readonly string[]
  /** ISO 8601; null: nothing yet. */
  readonly lastReceivedAt: string | null
  readonly lastRefusedAt: string | null
  readonly lastRefusal: string | null
  /** Of a pull: when it last came to its end. */
  readonly pulledAt: string | null
  /** The key from before works until then; null: there is none. */
  readonly previousKeyUntil: string | null
  /** What was acknowledged and is not loaded yet. */
  readonly waiting: { readonly requests: number; readonly items: number; readonly oldestAt: string | null }
  /** Items set aside now. */
  readonly setAside: number
  /** The last seven days of the account's zone, oldest first; days without anything are left out. */
  readonly days: readonly { readonly day: string; readonly requests: number; readonly accepted: number; readonly ignored: number; readonly rejected: number }[]
  readonly createdAt: string
}

/** What waits for longer is behind: at normal load it is seconds. */
export const behindMs = 15_000

interface Known {
  readonly backlog: Backlog | undefined
  readonly days: readonly DayVolume[]
  readonly setAside: number
  readonly missing: readonly string[]
  readonly now: Date
}

export function listedSource(row: SourceRow, { title, connection }: Pick<SourceType, 'title' | 'connection'>, { backlog, days, setAside, missing, now }: Known): SourceListed {
  return {
    id: row.id,
    type: row.type,
    title,
    connection,
    name: row.name,
    state: stateOf(row, backlog, missing, now),
    missing,
    lastReceivedAt: row.last_received_at?.toISOString() ?? null,
    lastRefusedAt: row.last_refused_at?.toISOString() ?? null,
    lastRefusal: row.last_refusal,
    pulledAt: row.pulled_at?.toISOString() ?? null,
    previousKeyUntil: row.previous_until && row.previous_until > now ? row.previous_until.toISOString() : null,
    waiting: { requests: backlog?.requests ?? 0, items: backlog?.items ?? 0, oldestAt: backlog?.oldest.toISOString() ?? null },
    setAside,
    days: days.map(({ day, requests, accepted, ignored, rejected }) => ({ day, requests, accepted, ignored, rejected })),
    createdAt: row.created_at.toISOString(),
  }
}

function stateOf(row: SourceRow, backlog: Backlog | undefined, missing: readonly string[], now: Date): SourceState {
  if (!row.enabled) return 'off'
  if (missing.length > 0) return 'unfinished'
  if (backlog && now.getTime() - backlog.oldest.getTime() > behindMs) return 'behind'
  const good = Math.max(row.last_received_at?.getTime() ?? 0, row.pulled_at?.getTime() ?? 0)
  if ((row.last_refused_at?.getTime() ?? 0) > good) return 'refusing'
  return good > 0 ? 'ok' : 'silent'
}
