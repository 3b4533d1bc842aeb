/** Clients of the filled account: more of everything that the tools of organizations list than a page holds, with hostile names and texts. */
import type { EntityRow } from '../../src/domain/entities/index.ts'

export const bulkClients = { organizations: 240, invoices: 260, contracts: 40, webapps: 110, looks: 90, products: 130, optIns: 20 } as const
export const bulkClient = 'bulk-client-0'

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

/** @param hostile text of so many characters, another for each number */
export function clientRows(hostile: (number: number, characters: number) => string): EntityRow[] {
  const client = { organization: bulkClient }
  const texts = (n: number, characters: number) =>
    Object.fromEntries(range(8).map((s) => [`section${s}`, Object.fromEntries(range(6).map((t) => [`text${t}`, hostile(n + s + t, characters)]))]))
  return [
    ...range(bulkClients.organizations).map((n): EntityRow => ({ type: 'organization', key: `bulk-client-${n}`, name: hostile(n, n % 10 ? 60 : 480) })),
    ...range(bulkClients.contracts).map(
      (n): EntityRow => ({
        type: 'contract',
        key: `bulk-contract-${n}`,
        name: hostile(n, 300),
        ...client,
        definition: { year: 2000 + n, currency: n % 2 ? 'EUR' : 'CHF', unitCost: '0.123456', platformFee: '99999999999.99', committedUnits: 999_999 },
      }),
    ),
    ...range(bulkClients.invoices).map((n): EntityRow => {
      const lines = range(n % 20 ? 2 : 60).map((line) => ({ kind: 'other', description: hostile(n + line, 290), amount: '1234567.891234' }))
      const total = (BigInt(lines.length) * 1_234_567_891_234n).toString().padStart(7, '0')
      return {
        type: 'invoice',
        key: `bulk-invoice-${n}`,
        name: hostile(n, n % 10 ? 40 : 480),
        ...client,
        definition: {
          issued: `${2000 + (n % 40)}-01-31`,
          due: `${2000 + (n % 40)}-03-31`,
          currency: n % 2 ? 'EUR' : 'CHF',
          lines,
          total: `${total.slice(0, -6)}.${total.slice(-6)}`,
        },
      }
    }),
    ...range(bulkClients.looks).map(
      (n): EntityRow => ({
        type: 'branding',
        key: `bulk-look-${n}`,
        name: hostile(n, 200),
        ...client,
        definition: {
          colours: Object.fromEntries(range(40).map((c) => [hostile(c, 60), '#aabbcc'])),
          fonts: Object.fromEntries(range(10).map((f) => [hostile(f, 60), hostile(n + f, 190)])),
        },
      }),
    ),
    ...range(bulkClients.looks).map(
      (n): EntityRow => ({
        type: 'content_profile',
        key: `bulk-words-${n}`,
        name: hostile(n, 200),
        ...client,
        definition: {
          images: Object.fromEntries(range(20).map((i) => [hostile(i, 60), `https://images.example/${'x'.repeat(300)}${i}`])),
          translations: { en: texts(n, n === 0 ? 4_000 : 200), de: texts(n + 1, 150) },
        },
      }),
    ),
    ...range(bulkClients.looks).map(
      (n): EntityRow => ({
        type: 'theme_set',
        key: `bulk-art-${n}`,
        name: hostile(n, 200),
        ...client,
        definition: {
          templates: range(n === 0 ? 400 : 12).map((t) => ({ name: hostile(t, 190), image: `https://art.example/${'y'.repeat(200)}${t}` })),
          products: range(n === 0 ? 300 : 20).map((p) => `bulk-conf-${p % bulkClients.products}`),
        },
      }),
    ),
    ...range(bulkClients.webapps).map(
      (n): EntityRow => ({
        type: 'webapp',
        key: `bulk-app-${n}`,
        name: hostile(n, n % 10 ? 60 : 480),
        ...client,
        definition: {
          languages: ['en', 'de', 'fr', 'pt-BR'],
          branding: `bulk-look-${n % bulkClients.looks}`,
          content: `bulk-words-${n % bulkClients.looks}`,
          privacyUrl: `https://privacy.example/${'z'.repeat(1_500)}`,
        },
      }),
    ),
    ...range(bulkClients.products).map(
      (n): EntityRow => ({ type: 'product', key: `bulk-product-${n}`, name: hostile(n, 200), definition: { kind: hostile(n, 90), paper: hostile(n + 1, 90) } }),
    ),
    ...range(bulkClients.products).map(
      (n): EntityRow => ({
        type: 'product_configuration',
        key: `bulk-conf-${n}`,
        name: hostile(n, 300),
        definition: {
          product: `bulk-product-${n % 3 ? n : 0}`,
          names: { en: hostile(n, 4_000), de: hostile(n, 300) },
          artwork: range(n % 20 ? 3 : 150).map((a) => ({ name: hostile(a, 190) })),
        },
      }),
    ),
  ]
}

/** Orders of the client's campaigns, with opt-ins and products of hostile names. @param campaigns their keys */
export function clientOrders(hostile: (number: number, characters: number) => string, campaigns: readonly string[], now: number): object[] {
  const plain = (n: number, characters: number) =>
    hostile(n, characters)
      .replaceAll('@', ' at ')
      .replace(/\p{Cc}/gu, ' ')
  return campaigns.map((campaign_id, n) => ({
    order_id: `bulk-order-${n}`,
    customer_id: `cust-${n}`,
    placed_at: now - (1 + (n % 300)) * 86_400_000,
    status: 'paid',
    amount: '12.345678',
    currency: ['EUR', 'CHF', 'USD', 'GBP'][n % 4],
    country: `${String.fromCharCode(65 + (n % 26))}${String.fromCharCode(65 + (n % 20))}`,
    campaign_id,
    product: plain(n, 150),
    opt_ins: Object.fromEntries(range(bulkClients.optIns).map((o) => [`${o} ${plain(o, 90)}`.slice(0, 95).trim(), (n + o) % 2 === 0])),
  }))
}
