/** Two clients of an account in full, and twenty-one more by name: rows, orders and web events for the tests of the Organizations and Products pages. Holds no test. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EntityRow, upsertEntities } from '../../../src/domain/entities/index.ts'
import { importFiles } from '../../../src/ingest/index.ts'
import type { TestApp } from '../../app.ts'

/** Of the newer contract: a whole year that is over, so that what is due in it is, on whatever day the tests run. */
export const year = new Date().getUTCFullYear() - 1
/** A name that tries everything: markup, directions, length. */
export const hostileName = `<script>alert("name")</script>\u202Edna ${'ß'.repeat(170)}`.slice(0, 200)
export const hostileFont = '"; } body { background: url(https://evil.example/a.png) } @import url(//evil.example/b'

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString()

const invoice = (key: string, organization: string, issued: string, due: string, status: string, units: number, currency: string, of = year, fee = '500'): EntityRow => ({
  type: 'invoice',
  key,
  name: key.toUpperCase(),
  organization,
  definition: {
    issued,
    due,
    status,
    currency,
    year: of,
    total: String(Number(fee) + units * 0.25),
    lines: [
      { kind: 'platform_fee', description: 'Platform fee of the quarter', amount: fee },
      { kind: 'units', description: 'Photobooks', quantity: String(units), unitPrice: '0.25', amount: String(units * 0.25) },
    ],
  },
})

const rows: EntityRow[] = [
  {
    type: 'organization',
    key: 'nordlicht',
    name: 'Nordlicht Reisen',
    definition: {
      currency: 'EUR',
      country: 'DE',
      onboarding: [
        { name: 'Contract signed', state: 'done', date: `${year - 1}-11-03` },
        { name: 'Printing house connected', state: 'open' },
        { name: 'Data protection officer named', state: 'not_needed' },
      ],
    },
  },
  { type: 'organization', key: 'lume', name: 'Casa Lume', definition: { currency: 'CHF', country: 'CH' } },
  { type: 'organization', key: 'hostile', name: hostileName },
  ...Array.from({ length: 21 }, (_, index): EntityRow => ({ type: 'organization', key: `client-${index + 1}`, name: `Client number ${index + 1}` })),
  { type: 'product', key: 'calendar', name: 'Wall calendar', definition: { kind: 'calendar', size: 'A3', paper: 'silk, 250 g' } },
  { type: 'product', key: 'book', name: 'Photobook', definition: { kind: 'photobook', size: 'A5', paper: 'matt, 170 g' } },
  { type: 'product', key: 'mug', name: 'Mug', status: 'draft', definition: { kind: 'mug' } },
  ...Array.from(
    { length: 20 },
    (_, index): EntityRow => ({ type: 'product', key: `print-${index}`, name: `Print ${String(index).padStart(2, '0')}`, definition: { kind: 'prints' } }),
  ),
  {
    type: 'product_configuration',
    key: 'tour_book',
    name: 'Tour book',
    definition: {
      product: 'book',
      names: { en: 'Your tour as a book', de: 'Deine Tour als Buch', ar: 'رحلتك في كتاب' },
      artwork: [{ name: 'Ridge' }, { name: 'Forest' }],
      image: 'https://images.example/tour.png',
    },
  },
  {
    type: 'product_configuration',
    key: 'family_book',
    name: 'Family book',
    status: 'draft',
    definition: { product: 'book', names: { en: 'Family book' }, artwork: [{ name: 'Linen' }] },
  },
  {
    type: 'product_configuration',
    key: 'year_outside',
    name: 'A year outside',
    definition: { product: 'calendar', names: { en: 'A year outside' }, artwork: Array.from({ length: 12 }, (_, index) => ({ name: `Month ${index + 1}` })) },
  },
  ...Array.from(
    { length: 26 },
    (_, index): EntityRow => ({ type: 'product_configuration', key: `mug-${index}`, name: `Mug ${index}`, definition: { product: 'mug', artwork: [{ name: 'Plain' }] } }),
  ),
  {
    type: 'webapp',
    key: 'aurora',
    name: 'Aurora photobook',
    organization: 'nordlicht',
    definition: { languages: ['de', 'en'], branding: 'aurora_look', content: 'aurora_words', privacyUrl: 'https://nordlicht.example/privacy', gtmId: 'GTM-N0RD77' },
  },
  { type: 'webapp', key: 'odd', name: 'Odd corner', status: 'draft', organization: 'nordlicht', definition: { languages: ['en'], branding: 'odd_look', content: 'odd_words' } },
  {
    type: 'branding',
    key: 'aurora_look',
    name: 'Aurora look',
    organization: 'nordlicht',
    definition: {
      colours: { primary: '#12355b', accent: '#f2b84b', background: '#f7f9fc' },
      fonts: { heading: 'DejaVu Serif', body: 'DejaVu Sans' },
      shapes: { button: 'pill', card: 'rounded' },
    },
  },
  { type: 'branding', key: 'odd_look', name: 'Odd look', organization: 'nordlicht', definition: { colours: { primary: '#7a3e2b' }, fonts: { heading: hostileFont } } },
  {
    type: 'content_profile',
    key: 'aurora_words',
    name: 'Aurora words',
    organization: 'nordlicht',
    definition: {
      images: { hero: 'https://images.example/aurora.jpg' },
      translations: {
        de: { start: { title: 'Deine Nacht unter dem Nordlicht', button: 'Buch gestalten' } },
        en: { start: { title: 'Your night under the northern lights', button: 'Make your book', hero: 'Forty pages, your pictures, at your door within a week.' } },
      },
    },
  },
  { type: 'content_profile', key: 'odd_words', name: 'Odd words', organization: 'nordlicht', definition: { translations: { en: { start: { title: hostileName } } } } },
  {
    type: 'theme_set',
    key: 'polar',
    name: 'Polar night',
    organization: 'nordlicht',
    definition: {
      templates: [{ name: 'Aurora', image: 'https://images.example/t1.png' }, { name: 'Snowfall', image: 'https://images.example/t2.png' }, { name: 'Cabin' }],
      products: ['tour_book', 'year_outside'],
      campaigns: ['winter'],
    },
  },
  {
    type: 'campaign',
    key: 'winter',
    name: 'Winter photobook',
    status: 'active',
    channel: 'Email',
    organization: 'nordlicht',
    startsAt: day(80),
    endsAt: day(-60),
    definition: {
      webapp: 'aurora',
      products: ['tour_book', 'year_outside'],
      countries: ['DE', 'AT', 'CH'],
      optIns: [{ name: 'newsletter' }, { name: 'partner_offers' }],
      form: [{ name: 'email', kind: 'email' }],
    },
  },
  {
    type: 'campaign',
    key: 'calendar-gift',
    name: 'Calendar gift',
    status: 'completed',
    channel: 'Email',
    organization: 'nordlicht',
    definition: { webapp: 'aurora', products: ['year_outside'] },
  },
  { type: 'campaign', key: 'spring', name: 'Spring preview', status: 'draft', organization: 'nordlicht' },
  { type: 'contract', key: 'n-now', name: 'Growth plan', organization: 'nordlicht', definition: { year, platformFee: '2000', unitCost: '0.25', committedUnits: 20_000 } },
  {
    type: 'contract',
    key: 'n-before',
    name: 'Starter plan',
    organization: 'nordlicht',
    definition: { year: year - 1, platformFee: '2000', unitCost: '0.25', committedUnits: 8000 },
  },
  invoice('r-1', 'nordlicht', `${year}-01-15`, `${year}-01-30`, 'paid', 6200, 'EUR'),
  invoice('r-2', 'nordlicht', `${year}-01-20`, `${year}-02-05`, 'open', 3400, 'EUR'),
  invoice('r-3', 'nordlicht', day(2).slice(0, 10), day(-20).slice(0, 10), 'open', 2600, 'EUR'),
  invoice('r-0', 'nordlicht', `${year - 1}-06-01`, `${year - 1}-06-15`, 'paid', 9100, 'EUR', year - 1),
  invoice('r-x', 'nordlicht', `${year - 1}-07-01`, `${year - 1}-07-15`, 'cancelled', 100, 'EUR', year - 1),
  invoice('r-chf', 'nordlicht', `${year}-01-09`, `${year}-01-24`, 'paid', 1200, 'CHF', year, '300.5'),
]

const orders = Array.from({ length: 400 }, (_, index) => ({
  order_id: `o-${index}`,
  customer_id: `c-${index}`,
  placed_at: day(1 + ((index * 7919) % 70) * (index % 3 === 0 ? 0.4 : 1)),
  status: 'paid',
  amount: String(18 + (index % 40) / 2),
  currency: index % 9 === 0 ? 'CHF' : 'EUR',
  country: ['DE', 'DE', 'DE', 'AT', 'CH', ''][index % 6],
  campaign_id: index % 5 === 0 ? 'calendar-gift' : 'winter',
  product: index % 4 === 0 ? 'year_outside' : 'tour_book',
  ...(index % 10 === 0 ? {} : { opt_ins: { newsletter: index % 3 !== 0, partner_offers: index % 7 === 0 } }),
}))

const reached = { visit: 380, start: 236, upload: 141, checkout: 66, order: 52 }
const events = Object.entries(reached).flatMap(([kind, visitors], step) =>
  Array.from({ length: visitors }, (_, index) => ({
    customer_id: `v-${index}`,
    kind,
    webapp: 'aurora',
    occurred_at: new Date(Date.now() - (2 + (index % 20)) * 86_400_000 + step * 60_000).toISOString(),
  })),
)
/** Came straight to the checkout: counted by the open funnel alone. */
const strays = Array.from({ length: 40 }, (_, index) => ({ customer_id: `s-${index}`, kind: 'checkout', webapp: 'aurora', occurred_at: day(3) }))

/** @returns ids of organizations by their keys */
export async function putClients({ stores, accounts }: TestApp): Promise<Map<string, string>> {
  const { rejected } = await upsertEntities(stores.db, accounts.acme.id, rows)
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected))
  const folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
  const write = async (name: string, lines: readonly object[]) => {
    const file = join(folder, name)
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'))
    return file
  }
  for (const [kind, lines] of [
    ['orders', orders],
    ['web_events', [...events, ...strays]],
  ] as const) {
    const result = await importFiles(stores, accounts.acme.id, [await write(`${kind}.ndjson`, lines)], { kind, rejectsFolder: folder })
    if (result.rejected > 0) throw new Error(`${result.rejected} ${kind} were rejected`)
  }
  await rm(folder, { recursive: true, force: true })
  const all = await stores.db.selectFrom('organizations').select(['key', 'id']).where('account_id', '=', accounts.acme.id).execute()
  return new Map(all.map(({ key, id }) => [key, id]))
}
