/** A small account to propose drafts in: customers whose counts are known by hand, and entities in every state a draft may meet. */
import type { Account, Principal } from '../../src/core/access.ts'
import { tokenScopes } from '../../src/core/access.ts'
import { type EntityRow, upsertEntities } from '../../src/domain/entities/index.ts'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import type { Db } from '../../src/storage/operational/schema.ts'
import type { TestStores } from '../stores.ts'
import { makeAccount, principalOf } from '../stores.ts'
import { loadRows } from '../properties/load.ts'

/** A Friday. */
export const now = new Date('2026-11-20T09:00:00Z')

const germans = { attribute: 'country', op: 'is', value: 'DE' }

export const entities: readonly EntityRow[] = [
  { type: 'organization', key: 'north', name: 'North' },
  { type: 'brand', key: 'b1', name: 'Acme Home', organization: 'north' },
  { type: 'brand', key: 'b2', name: 'Bolt' },
  { type: 'folder', key: 'f1', name: 'Winter' },
  { type: 'promotion', key: 'ten', name: 'Ten off', organization: 'north' },
  { type: 'promotion', key: 'old', name: 'Old offer', status: 'archived' },
  { type: 'target_group', key: 'germans', name: 'Germans', organization: 'north', definition: { predicate: germans } },
  { type: 'target_group', key: 'twins', name: 'Twins', definition: { predicate: germans } },
  { type: 'target_group', key: 'gone', name: 'Gone group', status: 'archived', definition: { predicate: germans } },
  { type: 'target_group', key: 'kept', name: 'Kept elsewhere' },
  { type: 'target_group', key: 'proposed', name: 'Proposed group', status: 'draft', definition: { predicate: { attribute: 'country', op: 'is', value: 'FR' } } },
  {
    type: 'campaign',
    key: 'running',
    name: 'Winter sale',
    channel: 'Email',
    brand: 'b1',
    organization: 'north',
    tags: ['sale'],
    startsAt: '2026-12-01T00:00:00Z',
    endsAt: '2026-12-10T22:00:00Z',
    definition: { targetGroup: 'germans' },
  },
  { type: 'campaign', key: 'bare', name: 'Bare news', channel: 'Email' },
  { type: 'campaign', key: 'double1', name: 'Double', channel: 'Email' },
  { type: 'campaign', key: 'double2', name: 'Double', channel: 'Email' },
  { type: 'flow', key: 'welcome', name: 'Welcome' },
  { type: 'flow', key: 'resting', name: 'Resting flow', status: 'paused' },
]

export interface Place {
  readonly stores: Omit<TestStores, 'operational'>
  readonly account: Account
  readonly somebody: Principal
}

/** The entities alone, without a customer. */
export async function placeIn(stores: Place['stores'], db: Db = stores.db, settings: object = {}): Promise<Place> {
  const account = await makeAccount(db, { settings })
  const { rejected } = await upsertEntities(db, account.id, [...entities])
  if (rejected.length) throw new Error(JSON.stringify(rejected))
  return { stores: { ...stores, db }, account, somebody: principalOf(account, { scopes: new Set(tokenScopes), clientId: 'app_1' }) }
}

/** 100 customers: 70 in DE, 30 in FR. Email: 60 of DE and 20 of FR; WhatsApp: 12 of DE; SMS: 3. 15 of DE made a deposit ten days ago, 5 of FR one two months ago. */
export async function worldIn(stores: Place['stores'], settings: object = {}): Promise<Place> {
  const made = await makeAccount(stores.db, { settings })
  const { rejected } = await upsertEntities(stores.db, made.id, [...entities])
  if (rejected.length) throw new Error(JSON.stringify(rejected))
  const consents = (n: number) => [...(n < 60 || (n >= 70 && n < 90) ? ['Email'] : []), ...(n < 12 ? ['WhatsApp'] : []), ...(n < 3 ? ['SMS'] : [])].join(';')
  const customers = Array.from({ length: 100 }, (_, n) => ({ customer_id: `c${n}`, country: n < 70 ? 'DE' : 'FR', consent: consents(n), updated_at: now.getTime() }))
  const deposit = (n: number, days: number) => ({ customer_id: `c${n}`, kind: 'deposit', webapp: 'shop', occurred_at: now.getTime() - days * 86_400_000, event_id: `d${n}` })
  const webEvents = [...Array.from({ length: 15 }, (_, n) => deposit(n, 10)), ...Array.from({ length: 5 }, (_, n) => deposit(80 + n, 60))]
  await loadRows(stores, made, { customers, events: [], orders: [], webEvents })
  await refreshFacts(stores, made.id)
  return { stores, account: made, somebody: principalOf(made, { scopes: new Set(tokenScopes), clientId: 'app_1' }) }
}
