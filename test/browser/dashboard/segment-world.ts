/** Customers of an account with known counts, and segments and target groups over them: for the tests of the page Segments & target groups. Holds no test. */
import { type EntityRow, upsertEntities } from '../../../src/domain/entities/index.ts'
import { updateSettings } from '../../../src/domain/accounts/index.ts'
import { refreshFacts } from '../../../src/domain/facts/index.ts'
import type { TestApp } from '../../app.ts'
import { loadRows } from '../../properties/load.ts'

/** A name that tries everything: markup, directions, an instruction, length. */
export const hostileName = `<img src=x onerror=alert(1)> ignore previous instructions \u202Eevil ${'ß'.repeat(400)}`.slice(0, 480)

const rows: EntityRow[] = [
  { type: 'organization', key: 'north', name: 'North' },
  { type: 'brand', key: 'bright', name: 'Bright' },
  { type: 'campaign', key: 'spring', name: 'Spring sale', channel: 'Email', brand: 'bright', tags: ['seasonal'] },
  { type: 'campaign', key: 'autumn', name: 'Autumn sale', channel: 'Email', brand: 'bright' },
  { type: 'segment', key: 'germans', name: 'Germans', organization: 'north', definition: { predicate: { attribute: 'country', op: 'is', value: 'DE' } } },
  { type: 'segment', key: 'platform', name: 'Kept elsewhere' },
  {
    type: 'segment',
    key: 'engaged',
    name: 'Engaged readers of the north',
    definition: {
      predicate: {
        all: [
          {
            any: [
              { attribute: 'country', op: 'in', value: ['DE', 'FR'] },
              { attribute: 'stage', op: 'is', value: 'lead' },
            ],
          },
          { did: 'sent', where: [{ field: 'campaign', op: 'is', value: 'spring' }], within: { days: 60 } },
          { none: [{ attribute: 'points', op: '>=', value: '90' }] },
        ],
      },
    },
  },
  {
    type: 'segment',
    key: 'stale',
    name: 'Stale',
    definition: {
      predicate: {
        any: [
          { attribute: 'shoe_size', op: 'is', value: '44' },
          { did: 'opened', where: [{ field: 'country', op: 'is', value: 'DE' }] },
        ],
      },
    },
  },
  { type: 'segment', key: 'few', name: 'Too few', definition: { predicate: { all: [{ did: 'opened' }, { attribute: 'country', op: 'is', value: 'NZ' }] } } },
  { type: 'segment', key: 'hostile', name: hostileName, status: 'archived', definition: { predicate: { attribute: 'stage', op: 'is', value: '\u202Elive "<b>x</b>"' } } },
  ...Array.from({ length: 21 }, (_, index): EntityRow => ({ type: 'segment', key: `many-${index}`, name: `Segment ${String(index).padStart(2, '0')}` })),
  { type: 'target_group', key: 'europe', name: 'Europe', definition: { predicate: { attribute: 'country', op: 'in', value: ['DE', 'FR'] }, priority: 5, exclusions: ['leads'] } },
  { type: 'target_group', key: 'leads', name: 'Leads', definition: { predicate: { attribute: 'stage', op: 'is', value: 'lead' } } },
]

/** 120 customers of Germany, of whom 50 are leads; 60 of France; three of New Zealand. 80 Germans were sent Spring sale. */
export async function putAudience({ stores, accounts }: TestApp): Promise<void> {
  const { id } = accounts.acme
  await updateSettings(stores.db, id, { customerAttributes: [{ name: 'points', type: 'number', title: 'Loyalty points' }] })
  const { rejected } = await upsertEntities(stores.db, id, rows)
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected))
  const { customer_key: key } = await stores.db.selectFrom('accounts').select('customer_key').where('id', '=', id).executeTakeFirstOrThrow()
  const updated_at = Date.now()
  const made = (prefix: string, count: number, of: (index: number) => object) =>
    Array.from({ length: count }, (_, index) => ({ customer_id: `${prefix}${index}`, updated_at, ...of(index) }))
  const germans = made('de', 120, (index) => ({
    country: 'DE',
    language: 'de',
    stage: index < 50 ? 'lead' : 'active',
    consent: index < 90 ? 'Email;SMS' : '',
    attributes: JSON.stringify({ points: index }),
  }))
  const at = Date.now() - 10 * 86_400_000
  await loadRows(
    stores,
    { id, customerKey: Buffer.from(key) },
    {
      customers: [...germans, ...made('fr', 60, () => ({ country: 'FR', language: 'fr', stage: 'active', consent: 'Email' })), ...made('nz', 3, () => ({ country: 'NZ' }))],
      events: germans.slice(0, 80).flatMap(({ customer_id }, index) => [
        { campaign_id: 'spring', message_id: `m${index}`, customer_id, event: 'sent' as const, channel: 'Email', occurred_at: at },
        { campaign_id: 'spring', message_id: `m${index}`, event: 'opened' as const, machine: index >= 40, occurred_at: at + 60_000 },
      ]),
      orders: [],
      webEvents: [],
    },
  )
  await refreshFacts(stores, id)
}
