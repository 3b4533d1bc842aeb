/** A listmonk: lists and campaigns by its documented API, paged and ordered as listmonk does. */
import { basicOf, Platform } from './platform.ts'

export interface ListmonkCampaign {
  id: number
  uuid: string
  name: string
  subject: string
  type: string
  status: string
  messenger: string
  tags: string[]
  lists: { id: number | null; name: string }[]
  created_at: string
  updated_at: string
  started_at: string | null
  send_at: string | null
  to_send: number
  sent: number
  views: number
  clicks: number
  bounces: number
  body: string
}

const lists = [
  { id: 1, uuid: 'aaaaaaaa-0000-4000-8000-000000000001', name: 'Default list' },
  { id: 2, uuid: 'aaaaaaaa-0000-4000-8000-000000000002', name: 'Winter\nfriends' },
].map((list) => ({
  ...list,
  type: 'public',
  optin: 'double',
  tags: ['all'],
  subscriber_count: 2,
  created_at: '2020-02-10T23:07:16.194843+01:00',
  updated_at: '2020-03-06T22:32:01.118327+01:00',
}))

/** With the 4e0 of a number, as many have: then all numbers of an answer are read as texts. */
export const listmonkUuid = (id: number): string => `cccccccc-0000-4e00-8000-${String(id).padStart(12, '0')}`

/** Campaign `id`, finished and changed last on the day `id` days after 2025-01-01. */
export function listmonkCampaign(id: number, given: Partial<ListmonkCampaign> = {}): ListmonkCampaign {
  const day = (days: number) => new Date(Date.UTC(2025, 0, 1 + days, 9)).toISOString().replace('.000Z', '.123456+00:00')
  return {
    id,
    uuid: listmonkUuid(id),
    name: `Campaign ${id}`,
    subject: `News ${id}`,
    type: 'regular',
    status: 'finished',
    messenger: 'email',
    tags: ['news'],
    lists: [{ id: 1, name: 'Default list' }],
    created_at: day(0),
    updated_at: day(id),
    started_at: day(id),
    send_at: null,
    to_send: 10,
    sent: 10,
    views: 7,
    clicks: 3,
    bounces: 1,
    body: '',
    ...given,
  }
}

export class Listmonk extends Platform {
  readonly campaigns: ListmonkCampaign[]

  constructor(campaigns: ListmonkCampaign[]) {
    super(
      ({ pathname, searchParams }) => {
        const rows = pathname === '/api/lists' ? lists : pathname === '/api/campaigns' ? campaigns : undefined
        return rows && { data: paged(rows, searchParams) }
      },
      ({ authorization }) => (authorization === basicOf('mercat', 'tok:en') ? undefined : 403),
    )
    this.campaigns = campaigns
  }
}

function paged(rows: readonly { created_at: string; updated_at: string }[], query: URLSearchParams) {
  const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 20)]
  const by = query.get('order_by') === 'updated_at' ? 'updated_at' : 'created_at'
  const direction = query.get('order') === 'ASC' ? 1 : -1
  const sorted = rows.toSorted((a, b) => direction * (Date.parse(a[by]) - Date.parse(b[by])))
  const results = sorted.slice((page - 1) * size, page * size)
  // An empty page tells no total.
  return results.length ? { results, query: '', total: rows.length, per_page: size, page } : { results, query: '', total: 0, per_page: 0, page: 0 }
}
