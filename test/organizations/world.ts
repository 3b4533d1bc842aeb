/** A small account whose every figure is known by hand: a client in full, one in another currency, an empty one, and what belongs to nobody. */
import { finishLoading, refreshFacts, startLoad } from '../../src/domain/facts/index.ts'
import { type EntityRow, upsertEntities } from '../../src/domain/entities/index.ts'
import type { Stores } from '../../src/domain/stores.ts'
import { insertCanonical } from '../../src/ingest/index.ts'

/** Days before today's noon, UTC. */
export const daysAgo = (now: Date, days: number, hour = 12): Date => {
  const at = new Date(now.getTime() - days * 86_400_000)
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), hour))
}

const optIns = [
  { name: 'newsletter', label: 'Newsletter' },
  { name: 'partner', label: 'Partner offers' },
]

export const clients: readonly EntityRow[] = [
  {
    type: 'organization',
    key: 'alpha',
    name: 'Alpha Prints',
    definition: {
      currency: 'EUR',
      country: 'DE',
      contact: { name: 'Ann Lee', email: 'ann.lee@example.com', phone: '+49 30 1234567' },
      onboarding: [{ name: 'Contract signed', state: 'done', date: '2026-01-15' }, { name: 'Logo delivered' }],
    },
  },
  { type: 'organization', key: 'beta', name: 'Beta Gifts', definition: { currency: 'CHF' } },
  { type: 'organization', key: 'empty', name: 'Empty Client' },
  { type: 'product', key: 'book', name: 'Photobook', definition: { kind: 'photobook', size: 'A5' } },
  { type: 'product', key: 'cal', name: 'Calendar', definition: { kind: 'calendar' } },
  {
    type: 'product_configuration',
    key: 'summer_book',
    name: 'Summer book',
    definition: { product: 'book', names: { en: 'Summer book', de: 'Sommerbuch' }, artwork: [{ name: 'Sea' }] },
  },
  {
    type: 'product_configuration',
    key: 'wall_cal',
    name: 'Wall calendar',
    definition: { product: 'cal', names: { en: 'Wall calendar' }, artwork: [{ name: 'Snow' }, { name: 'Sun' }] },
  },
  {
    type: 'branding',
    key: 'alpha_look',
    name: 'Alpha look',
    organization: 'alpha',
    definition: { colours: { primary: '#112233' }, fonts: { body: 'Inter' }, shapes: { button: 'pill' } },
  },
  {
    type: 'content_profile',
    key: 'alpha_words',
    name: 'Alpha words',
    organization: 'alpha',
    definition: {
      images: { hero: 'https://alpha.example/hero.jpg' },
      translations: { en: { start: { title: 'Hello', button: 'Go' } }, de: { start: { title: 'Hallo' } } },
      support: { email: 'help@alpha.example' },
    },
  },
  {
    type: 'webapp',
    key: 'alpha_app',
    name: 'Alpha app',
    organization: 'alpha',
    definition: { languages: ['en', 'de'], branding: 'alpha_look', content: 'alpha_words', privacyUrl: 'https://alpha.example/privacy', gtmId: 'GTM-ALPHA1' },
  },
  {
    type: 'theme_set',
    key: 'alpha_art',
    name: 'Alpha art',
    organization: 'alpha',
    definition: { templates: [{ name: 'Sea' }], products: ['summer_book'], campaigns: ['alpha_summer'] },
  },
  {
    type: 'campaign',
    key: 'alpha_summer',
    name: 'Alpha summer',
    channel: 'Email',
    organization: 'alpha',
    status: 'active',
    definition: { kind: 'bulk', countries: ['DE', 'FR'], webapp: 'alpha_app', products: ['summer_book', 'wall_cal'], optIns },
  },
  {
    type: 'campaign',
    key: 'alpha_winter',
    name: 'Alpha winter',
    channel: 'Email',
    organization: 'alpha',
    status: 'completed',
    definition: { kind: 'bulk', countries: ['AT'], webapp: 'alpha_app', optIns },
  },
  { type: 'campaign', key: 'alpha_idle', name: 'Alpha idle', channel: 'Email', organization: 'alpha', status: 'draft', definition: { kind: 'bulk' } },
  {
    type: 'campaign',
    key: 'beta_one',
    name: 'Beta one',
    channel: 'Email',
    organization: 'beta',
    status: 'draft',
    definition: { kind: 'bulk', countries: ['CH'], webapp: 'beta_app' },
  },
  { type: 'webapp', key: 'beta_app', name: 'Beta app', organization: 'beta', definition: { languages: ['de'] } },
  { type: 'campaign', key: 'nobody', name: 'Of nobody', channel: 'Email', status: 'active', definition: { kind: 'bulk' } },
]

/** Contracts and invoices as of a day: two currencies, one invoice past its due day, one cancelled. */
export function bills(today: string): EntityRow[] {
  const year = Number(today.slice(0, 4))
  const line = (kind: string, amount: string, more: object = {}) => ({ kind, amount, ...more })
  return [
    { type: 'contract', key: 'c-alpha', name: 'Plus', organization: 'alpha', definition: { year, platformFee: '1200', unitCost: '0.845', committedUnits: 10_000 } },
    { type: 'contract', key: 'c-alpha-old', name: 'Start', organization: 'alpha', definition: { year: year - 1, platformFee: '600.50', unitCost: '1', committedUnits: 100 } },
    {
      type: 'invoice',
      key: 'i-1',
      name: 'A-001',
      organization: 'alpha',
      definition: {
        issued: `${year}-01-31`,
        due: `${year}-02-14`,
        status: 'paid',
        lines: [line('platform_fee', '100'), line('units', '845', { quantity: '1000', unitPrice: '0.845' }), line('discount', '-45.5'), line('tax', '170.905')],
        total: '1070.405',
      },
    },
    {
      type: 'invoice',
      key: 'i-2',
      name: 'A-002',
      organization: 'alpha',
      definition: { issued: `${year}-02-28`, due: `${year}-03-14`, status: 'open', lines: [line('units', '84.50', { quantity: '100', unitPrice: '0.845' })], total: '84.50' },
    },
    {
      type: 'invoice',
      key: 'i-3',
      name: 'A-003',
      organization: 'alpha',
      definition: { issued: `${year}-03-31`, due: '2099-01-01', status: 'open', year, lines: [line('other', '10')], total: '10' },
    },
    {
      type: 'invoice',
      key: 'i-4',
      name: 'A-004',
      organization: 'alpha',
      definition: { issued: `${year}-03-31`, due: '2099-01-01', status: 'cancelled', lines: [line('units', '500', { quantity: '500' })], total: '500' },
    },
    {
      type: 'invoice',
      key: 'i-5',
      name: 'A-005',
      organization: 'alpha',
      definition: { issued: `${year}-04-30`, due: '2099-01-01', status: 'paid', currency: 'CHF', lines: [line('other', '99.95')], total: '99.95' },
    },
    {
      type: 'invoice',
      key: 'i-b',
      name: 'B-001',
      organization: 'beta',
      definition: { issued: `${year}-01-31`, due: '2099-01-01', lines: [line('platform_fee', '77')], total: '77' },
    },
  ]
}

type Order = readonly [
  id: string,
  days: number,
  campaign: string,
  country: string,
  amount: string,
  currency: string,
  product: string,
  optIns: Record<string, boolean> | undefined,
  status?: string,
]

/** By campaign and days ago. Only placed, paid and delivered ones count. */
export const orders: readonly Order[] = [
  ['o1', 1, 'alpha_summer', 'DE', '10.10', 'EUR', 'summer_book', { newsletter: true, partner: false }],
  ['o2', 1, 'alpha_summer', 'DE', '20.20', 'EUR', 'wall_cal', { newsletter: true, partner: true }],
  ['o3', 2, 'alpha_summer', 'FR', '5', 'CHF', 'summer_book', { newsletter: false }],
  ['o4', 2, 'alpha_summer', 'DE', '99', 'EUR', 'summer_book', { newsletter: true }, 'cancelled'],
  ['o5', 40, 'alpha_summer', '', '1.005', 'EUR', '', undefined],
  ['o6', 3, 'alpha_winter', 'AT', '7', 'EUR', 'wall_cal', { newsletter: false }],
  ['o7', 1, 'beta_one', 'CH', '3', 'CHF', '', undefined],
  ['o8', 1, 'nobody', 'DE', '1000', 'EUR', '', undefined],
]

export async function makeWorld(stores: Stores, accountId: string, now: Date): Promise<void> {
  const today = now.toISOString().slice(0, 10)
  const { rejected } = await upsertEntities(stores.db, accountId, [...clients, ...bills(today)])
  if (rejected.length) throw new Error(JSON.stringify(rejected))
  const { id } = await startLoad(stores.db, { accountId, source: 'import', label: 'world' })
  const put = async (kind: Parameters<typeof insertCanonical>[2], rows: object[]) => {
    const result = await insertCanonical(stores, { id: accountId }, kind, rows, id)
    if (result.rejects.length) throw new Error(JSON.stringify(result.rejects))
  }
  await put(
    'orders',
    orders.map(([order_id, days, campaign_id, country, amount, currency, product, given, status = 'paid']) => ({
      order_id,
      customer_id: `c-${order_id}`,
      placed_at: daysAgo(now, days),
      status,
      amount,
      currency,
      country,
      campaign_id,
      product,
      ...(given ? { opt_ins: given } : {}),
    })),
  )
  // 30 visitors of Alpha's app; 20 start, 15 upload, 12 check out, 3 order; one orders without anything before.
  const steps = ['visit', 'start', 'upload', 'checkout', 'order']
  const reached = (person: number) => (person < 3 ? 5 : person < 12 ? 4 : person < 15 ? 3 : person < 20 ? 2 : 1)
  await put('web_events', [
    ...Array.from({ length: 30 }, (_, person) =>
      steps.slice(0, reached(person)).map((kind, step) => ({
        customer_id: `v-${person}`,
        kind,
        webapp: 'alpha_app',
        occurred_at: new Date(daysAgo(now, 5).getTime() + step * 60_000),
        event_id: `${person}-${kind}`,
      })),
    ).flat(),
    { customer_id: 'v-late', kind: 'order', webapp: 'alpha_app', occurred_at: daysAgo(now, 4), event_id: 'late' },
  ])
  await put(
    'events',
    Array.from({ length: 8 }, (_, n) => [
      { campaign_id: 'alpha_summer', message_id: `m-${n}`, customer_id: `r-${n}`, channel: 'Email', event: 'sent', occurred_at: daysAgo(now, 3) },
      ...(n < 6 ? [{ campaign_id: 'alpha_summer', message_id: `m-${n}`, customer_id: `r-${n}`, channel: 'Email', event: 'delivered', occurred_at: daysAgo(now, 3) }] : []),
      ...(n < 2 ? [{ campaign_id: 'alpha_summer', message_id: `m-${n}`, customer_id: `r-${n}`, channel: 'Email', event: 'clicked', occurred_at: daysAgo(now, 2) }] : []),
    ]).flat(),
  )
  await finishLoading(stores.db, id, { accepted: 1, rejected: 0 })
  await refreshFacts(stores, accountId)
}

/** The tools that speak of one organization. */
export const ofOrganization = [
  'get_organization_onboarding_status',
  'list_organization_campaigns',
  'get_organization_campaign_performance',
  'get_organization_campaign_optin_breakdown',
  'list_organization_webapps',
  'list_organization_content',
  'list_organization_branding',
  'list_organization_theme_sets',
  'get_client_invoice_statements',
  'get_client_report',
]
