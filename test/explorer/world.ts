/** Entities of every type for tests of the explorer, and a principal that may read what the test says. */
import type { Account, Principal, Scope } from '../../src/core/access.ts'
import { scopes } from '../../src/core/access.ts'
import { type EntityRow, type EntityType, entityTypes, upsertEntities } from '../../src/domain/entities/index.ts'
import type { Db } from '../../src/storage/operational/schema.ts'
import { principalOf } from '../stores.ts'

/** Types that are rows: all but goals, which are settings. */
export const storedTypes = entityTypes.flatMap(({ type }) => (type === 'goal' ? [] : [type as Exclude<EntityType, 'goal'>]))

export const lapsedVip = {
  all: [
    { attribute: 'country', op: 'in', value: ['DE', 'FR'] },
    { didNot: 'ordered', within: { days: 90 } },
    {
      any: [
        { did: 'opened', atLeast: 1, within: { days: 30 } },
        { did: 'clicked', where: [{ field: 'campaign', op: 'is', value: 'c1' }] },
      ],
    },
  ],
}

/** One of each, linked with each other, with all that its definition may hold. */
export const world: EntityRow[] = [
  { type: 'organization', key: 'o1', name: 'Client One' },
  { type: 'organization', key: 'o2', name: 'Client Two' },
  { type: 'brand', key: 'b1', name: 'Acme Home', organization: 'o1', definition: { industry: 'Furniture', senders: [{ channel: 'Email', name: 'Acme' }] } },
  { type: 'brand', key: 'b2', name: 'Bolt', organization: 'o2' },
  { type: 'folder', key: 'f1', name: 'Spring', definition: { allowedBrands: ['b1'] } },
  { type: 'folder', key: 'f2', name: 'Summer', definition: { parent: 'f1' } },
  { type: 'channel', key: 'ch1', name: 'Newsletter mail', channel: 'Email', definition: { provider: 'SES' } },
  {
    type: 'campaign',
    key: 'c1',
    name: 'Spring Sale Opening',
    status: 'active',
    channel: 'Email',
    brand: 'b1',
    folder: 'f1',
    flow: 'w1',
    organization: 'o1',
    tags: ['sale', 'vip'],
    createdAt: '2026-05-01T08:00:00Z',
    startsAt: '2026-05-02T08:00:00Z',
    endsAt: '2026-05-31T08:00:00Z',
    definition: {
      targetGroup: 'tg1',
      promotion: 'p1',
      webapp: 'wa1',
      products: ['pc1'],
      countries: ['DE'],
      template: { subject: 'Now | open', content: `<html>${'long '.repeat(4000)}</html>` },
      optIns: [{ name: 'newsletter', required: true }],
      form: [{ name: 'e-mail', kind: 'email' }],
    },
  },
  { type: 'campaign', key: 'c2', name: 'Parcel notice', status: 'draft', channel: 'SMS', brand: 'b2', organization: 'o2', tags: ['service'], createdAt: '2026-05-20T11:30:00Z' },
  {
    type: 'flow',
    key: 'w1',
    name: 'Welcome',
    brand: 'b1',
    organization: 'o1',
    tags: ['onboarding'],
    definition: {
      versions: [{ number: 2, status: 'active', from: '2026-01-01T00:00:00Z' }],
      nodes: [
        { id: 'start', kind: 'event_start', event: 'signup', next: ['check'] },
        { id: 'check', kind: 'condition', condition: { attribute: 'country', op: 'is', value: 'DE' }, next: ['send'] },
        { id: 'send', kind: 'step', campaign: 'c1' },
      ],
      launch: { entries: 'once' },
    },
  },
  {
    type: 'trigger',
    key: 'tr1',
    name: 'Cart left',
    brand: 'b1',
    organization: 'o1',
    definition: {
      event: 'cart',
      where: [{ field: 'amount', op: '>', value: 50 }],
      audience: { attribute: 'stage', op: 'is', value: 'vip' },
      windowHours: 24,
      followUp: { flow: 'w1' },
    },
  },
  {
    type: 'stream',
    key: 's1',
    name: 'Onboarding stream',
    brand: 'b1',
    organization: 'o1',
    definition: { campaigns: [{ campaign: 'c1', treatment: '10 % off', condition: { did: 'ordered', atLeast: 2 } }, { campaign: 'c2' }] },
  },
  {
    type: 'promotion',
    key: 'p1',
    name: 'Ten off',
    brand: 'b1',
    organization: 'o1',
    definition: { reward: { kind: 'percentage', value: 10 }, cost: { amount: '4.20', currency: 'EUR' }, codes: { shared: 'SPRING' } },
  },
  { type: 'segment', key: 'lapsed_vip', name: 'Lapsed VIPs', brand: 'b1', organization: 'o1', definition: { predicate: lapsedVip } },
  {
    type: 'target_group',
    key: 'tg1',
    name: 'Everybody in Germany',
    brand: 'b1',
    organization: 'o1',
    definition: { predicate: { attribute: 'country', op: 'is', value: 'DE' }, priority: 3, exclusions: ['tg2'] },
  },
  { type: 'target_group', key: 'tg2', name: 'Staff' },
  { type: 'product', key: 'pr1', name: 'Wall calendar', definition: { kind: 'calendar', size: 'A3', paper: 'matt' } },
  {
    type: 'product_configuration',
    key: 'pc1',
    name: 'Calendar 2027',
    definition: { product: 'pr1', names: { en: 'Calendar', de: 'Kalender' }, artwork: [{ name: 'Mountains' }] },
  },
  {
    type: 'webapp',
    key: 'wa1',
    name: 'Calendar shop',
    brand: 'b1',
    organization: 'o1',
    definition: { languages: ['en', 'de'], branding: 'br1', content: 'cp1', privacyUrl: 'https://example.com/privacy', gtmId: 'GTM-ABC1234' },
  },
  {
    type: 'content_profile',
    key: 'cp1',
    name: 'Shop texts',
    brand: 'b1',
    organization: 'o1',
    definition: { images: { hero: 'https://example.com/hero.png' }, translations: { en: { home: { title: 'Hello' } } }, support: { url: 'https://example.com/help' } },
  },
  {
    type: 'branding',
    key: 'br1',
    name: 'Acme look',
    brand: 'b1',
    organization: 'o1',
    definition: { colours: { primary: '#112233' }, fonts: { body: 'Inter' }, shapes: { button: 'pill' } },
  },
  { type: 'theme_set', key: 'ts1', name: 'Mountains set', brand: 'b1', organization: 'o1', definition: { templates: [{ name: 'Peak' }], products: ['pc1'], campaigns: ['c1'] } },
]

export async function putWorld(db: Db, accountId: string): Promise<void> {
  const { rejected } = await upsertEntities(db, accountId, world)
  if (rejected.length) throw new Error(JSON.stringify(rejected))
}

export function reader(account: Account, limits: Partial<Pick<Principal, 'organizations' | 'brands'>> & { without?: Scope } = {}): Principal {
  const { without, ...restricted } = limits
  return principalOf(account, { ...restricted, scopes: new Set(scopes.filter((scope) => scope !== without)) })
}
