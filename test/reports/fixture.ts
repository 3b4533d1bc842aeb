/** Facts and entities put straight into real stores, so that a report test says exactly what the facts are. */
import type { Account } from '../../src/core/access.ts'
import { derivedId } from '../../src/core/ids.ts'
import { startOfDay } from '../../src/core/period.ts'
import { type Counter, counters } from '../fixtures/naive.ts'
import type { TestStores } from '../stores.ts'

type Counts = Partial<Record<Counter, number>>

export interface MessageFact extends Counts {
  campaign: string
  day: string
  channel?: string
  variant?: string
}
export interface OrderFact {
  campaign: string
  day: string
  orders: number
  revenue: string
  channel?: string
  variant?: string
  currency?: string
  status?: string
  /** Default: the same row in both bases; an unattributed order (campaign '') only where it was placed. */
  basis?: 'send' | 'event'
}
export interface InboxFact extends Counts {
  campaign: string
  day: string
  inbox: string
}
export interface UpliftFact {
  campaign: string
  day: string
  arm: 'treated' | 'held_out'
  customers: number
  visitors: number
  orderers: number
  revenue: string
  revenue_squares: number
}
export interface EntitySpec {
  type: 'campaign' | 'flow' | 'brand' | 'folder'
  key: string
  name?: string
  status?: string
  channel?: string
  brand?: string
  folder?: string
  flow?: string
  organization?: string
  tags?: string[]
  startsAt?: string
}

export const idOf = (account: Account, type: EntitySpec['type'], key: string) => derivedId(type, account.id, key)

export async function putEntities({ db }: TestStores, account: Account, specs: readonly EntitySpec[]): Promise<void> {
  const organizations = [...new Set(specs.flatMap(({ organization }) => organization ?? []))]
  if (organizations.length) {
    await db
      .insertInto('organizations')
      .values(organizations.map((key) => ({ account_id: account.id, id: `org_${key}`, key, name: `Organization ${key}`, currency: 'EUR', details: '{}' })))
      .execute()
  }
  const id = (type: EntitySpec['type'], key: string | undefined) => (key === undefined ? null : idOf(account, type, key))
  await db
    .insertInto('entities')
    .values(
      specs.map((spec) => ({
        account_id: account.id,
        organization_id: spec.organization ? `org_${spec.organization}` : null,
        type: spec.type,
        id: idOf(account, spec.type, spec.key),
        key: spec.key,
        name: spec.name ?? spec.key,
        status: spec.status ?? 'active',
        channel: spec.channel ?? null,
        brand_id: id('brand', spec.brand),
        folder_id: id('folder', spec.folder),
        flow_id: id('flow', spec.flow),
        tags: spec.tags ?? [],
        starts_at: spec.startsAt ?? null,
        origin: 'import',
        definition: '{}',
      })),
    )
    .execute()
}

/** Writes facts as one refresh does: rows of a new generation, then the switch. @param builtAt when that was; default: long ago */
export async function putFacts(
  { analytics }: TestStores,
  account: Account,
  generation: number,
  facts: { messages?: MessageFact[]; orders?: OrderFact[]; uplift?: UpliftFact[]; inboxes?: InboxFact[] },
  builtAt = '2026-01-01 00:00:00',
): Promise<void> {
  const own = { account_id: account.id, generation }
  const times = (day: string) => ({ earliest: day, latest: day })
  const messages = (facts.messages ?? []).flatMap(({ campaign, day, channel = 'Email', variant = '', ...given }) =>
    (['send', 'event'] as const).map((basis) => ({
      ...own,
      campaign,
      basis,
      day,
      channel,
      country: 'DE',
      variant,
      ...Object.fromEntries(counters.map((name) => [name, given[name] ?? 0])),
      ...times(day),
    })),
  )
  const orders = (facts.orders ?? []).flatMap(({ basis, campaign, channel = 'Email', variant = '', currency = 'EUR', status = 'paid', ...rest }) =>
    (basis ? [basis] : campaign === '' ? (['event'] as const) : (['send', 'event'] as const)).map((chosen) => ({
      ...own,
      ...rest,
      campaign,
      basis: chosen,
      channel: campaign === '' ? '' : channel,
      country: 'DE',
      variant,
      currency,
      status,
      ...times(rest.day),
    })),
  )
  const uplift = (facts.uplift ?? []).map((fact) => ({ ...own, ...fact, goal: 'Orders', orders: fact.orderers }))
  await analytics.insert('message_facts', messages)
  await analytics.insert(
    'inbox_facts',
    (facts.inboxes ?? []).flatMap((fact) => (['send', 'event'] as const).map((basis) => ({ ...own, ...fact, basis }))),
  )
  await analytics.insert('order_facts', orders)
  await analytics.insert('uplift_facts', uplift)
  const instant = (day: string, hour: number) => new Date(startOfDay(day, account.timeZone).getTime() + hour * 3_600_000).toISOString().replace('T', ' ').replace('Z', '')
  const switched = (family: string, rows: readonly { campaign: string; day: string }[]) =>
    [...new Set(rows.map(({ campaign }) => campaign))].map((campaign) => {
      const days = rows
        .filter((row) => row.campaign === campaign)
        .map(({ day }) => day)
        .sort()
      const dated = family === 'uplift' ? { earliest: null, latest: null } : { earliest: instant(days[0] ?? '', 0), latest: instant(days.at(-1) ?? '', 12) }
      return { account_id: account.id, family, campaign, generation, ...dated, built_at: builtAt }
    })
  await analytics.insert('fact_generations', [...switched('messages', facts.messages ?? []), ...switched('orders', facts.orders ?? []), ...switched('uplift', facts.uplift ?? [])])
}
