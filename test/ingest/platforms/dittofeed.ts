/** A Dittofeed: broadcasts, journeys, segments, and deliveries whose cursor is an offset in base64, each with the last of its events. */
import { Platform } from './platform.ts'

export interface DittofeedMessage {
  id: string
  to: string
  sent: string
  /** Further events, in the order of time: the last is the status. */
  events: { status: string; at: string }[]
  more: Record<string, unknown>
}

export const workspace = '11111111-1111-4111-8111-111111111111'

export interface DittofeedWorld {
  broadcasts: Record<string, unknown>[]
  journeys: Record<string, unknown>[]
  segments: Record<string, unknown>[]
  messages: DittofeedMessage[]
}

export class Dittofeed extends Platform {
  readonly world: DittofeedWorld

  constructor(world: DittofeedWorld) {
    super(
      ({ pathname, searchParams }) => {
        if (pathname === '/api/admin/broadcasts/') return world.broadcasts
        if (pathname === '/api/admin/journeys/') return { journeys: world.journeys }
        if (pathname === '/api/admin/segments/') return { segments: world.segments }
        return pathname === '/api/admin/deliveries/' ? deliveries(world.messages, searchParams) : undefined
      },
      ({ authorization }, { searchParams }) => (authorization === 'Bearer admin-key' && searchParams.get('workspaceId') === workspace ? undefined : 401),
    )
    this.world = world
  }
}

function deliveries(messages: readonly DittofeedMessage[], query: URLSearchParams) {
  const cursor = query.get('cursor')
  const offset = cursor ? (JSON.parse(Buffer.from(cursor, 'base64').toString()) as { o: number }).o : 0
  const limit = Number(query.get('limit') ?? 20)
  const [from, direction] = [query.get('startDate') ?? '', query.get('sortDirection') === 'Asc' ? 1 : -1]
  const items = messages
    .filter(({ sent }) => sent >= from)
    .toSorted((a, b) => direction * a.sent.localeCompare(b.sent) || a.id.localeCompare(b.id))
    .slice(offset, offset + limit)
    .map(({ id, to, sent, events, more }) => ({
      sentAt: sent,
      updatedAt: events.at(-1)?.at ?? sent,
      status: events.at(-1)?.status ?? 'DFInternalMessageSent',
      originMessageId: id,
      userId: `user-${id}`,
      templateId: 'template-1',
      variant: { type: 'Email', to, from: 'shop@example.com', subject: 'Hello', body: '<p>Hello</p>', provider: { type: 'Test' } },
      ...more,
    }))
  return { workspaceId: workspace, items, ...(items.length >= limit ? { cursor: Buffer.from(JSON.stringify({ o: offset + limit })).toString('base64') } : {}) }
}
