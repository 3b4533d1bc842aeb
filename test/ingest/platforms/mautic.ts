/** A Mautic: e-mails, segments and the Stats API over tables, with its where, order, start and limit, and its habit of answering 200 to what it refuses. */
import { basicOf, Platform } from './platform.ts'

type Row = Record<string, string | null>

export interface MauticWorld {
  segments: Record<string, unknown>[]
  emails: Record<string, unknown>[]
  email_stats: Row[]
  page_hits: Row[]
  lead_donotcontact: Row[]
}

/** 2025-01-01 and so many seconds, as Mautic's database writes it. */
export const mauticTime = (seconds: number): string => new Date(Date.UTC(2025, 0, 1) + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')

export function mauticStat(id: number, given: Row = {}): Row {
  return {
    id: String(id),
    email_id: '1',
    lead_id: String(1000 + id),
    email_address: `Person${id}@Example.com`,
    date_sent: mauticTime(id),
    is_read: '0',
    date_read: null,
    is_failed: '0',
    viewed_in_browser: '0',
    tracking_hash: `hash${id}`,
    open_count: '0',
    last_opened: null,
    tokens: 'a:0:{}',
    ...given,
  }
}

export class Mautic extends Platform {
  readonly world: MauticWorld
  /** Tables the user may not see. */
  readonly hidden = new Set<string>()

  constructor(world: MauticWorld) {
    super(
      (url) => this.#answers(url),
      ({ authorization }) => (authorization === basicOf('mercat', 'päss') ? undefined : 401),
    )
    this.world = world
  }

  #answers({ pathname, searchParams }: URL): unknown {
    const [start, limit] = [Number(searchParams.get('start') ?? 0), Number(searchParams.get('limit') ?? 30)]
    const page = <One>(rows: readonly One[]) => rows.slice(start, start + limit)
    // Segments come as an object by id.
    if (pathname === '/api/segments') return { total: this.world.segments.length, lists: Object.fromEntries(page(this.world.segments).map((one) => [String(one.id), one])) }
    if (pathname === '/api/emails') return { total: this.world.emails.length, emails: page(this.world.emails) }
    const table = /^\/api\/stats\/(\w+)$/.exec(pathname)?.[1]
    if (table !== 'email_stats' && table !== 'page_hits' && table !== 'lead_donotcontact') return undefined
    if (this.hidden.has(table)) return { errors: [{ message: 'You do not have the view permission to load data', code: 403 }] }
    const rows = ordered(
      this.world[table].filter((row) => clauses(searchParams, 'where').every((clause) => holds(row, clause))),
      clauses(searchParams, 'order'),
    )
    return { total: String(rows.length), stats: page(rows) }
  }
}

function clauses(query: URLSearchParams, name: string): Record<string, string>[] {
  const found: Record<string, string>[] = []
  for (const [key, value] of query) {
    const [, index, member] = new RegExp(`^${name}\\[(\\d)\\]\\[(\\w+)\\]$`).exec(key) ?? []
    if (index && member) found[Number(index)] = { ...found[Number(index)], [member]: value }
  }
  return found
}

function holds(row: Row, { col = '', expr, val = '' }: Record<string, string>): boolean {
  const value = row[col]
  if (value === null || value === undefined) return false
  if (expr === 'isNotNull') return true
  if (expr === 'eq') return value === val
  if (expr === 'gte') return value >= val
  if (expr === 'in') return val.split(',').includes(value)
  throw new Error(`No expression ${expr}`)
}

const ordered = (rows: Row[], by: Record<string, string>[]): Row[] =>
  rows.toSorted((a, b) => {
    for (const { col = '' } of by) {
      const [one, other] = [a[col] ?? '', b[col] ?? '']
      const order = col === 'id' ? Number(one) - Number(other) : one.localeCompare(other)
      if (order !== 0) return order
    }
    return 0
  })
