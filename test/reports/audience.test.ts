/** audience_size on real stores: whose rules, what is refused and how, the floor, target groups, values that nobody has. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account, Principal, Scope } from '../../src/core/access.ts'
import { describeError } from '../../src/core/errors.ts'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import type { AudienceSize } from '../../src/domain/segments/index.ts'
import { callTool } from '../call.ts'
import { refusalOf } from '../caught.ts'
import { loadRows } from '../properties/load.ts'
import { makeAccount, openTestStores, principalOf as anybody, type TestStores } from '../stores.ts'

const principalOf = (of: Account): Principal => anybody(of, { scopes: new Set(['read:mcp', 'read:segments', 'read:campaigns']) })

let stores: TestStores
let account: Account
const now = new Date('2026-11-20T15:00:00Z')

beforeAll(async () => {
  stores = await openTestStores(now)
  const made = await makeAccount(stores.db, { settings: { customerAttributes: [{ name: 'points', type: 'number', title: 'Points' }] } })
  account = made
  const germans = Array.from({ length: 40 }, (_, index) => ({
    customer_id: `de${index}`,
    country: 'DE',
    stage: index < 25 ? 'lead' : 'active',
    consent: index < 30 ? 'Email' : '',
    attributes: JSON.stringify({ points: index }),
    updated_at: now.getTime(),
  }))
  const french = Array.from({ length: 20 }, (_, index) => ({ customer_id: `fr${index}`, country: 'FR', consent: 'Email;SMS', updated_at: now.getTime() }))
  const few = Array.from({ length: 3 }, (_, index) => ({ customer_id: `nz${index}`, country: 'NZ', updated_at: now.getTime() }))
  const at = Date.parse('2026-11-10T10:00:00Z')
  // One recipient has no record: known by the message alone.
  const recipients = [...germans.slice(0, 22).map(({ customer_id }) => customer_id), 'stranger']
  await upsertEntities(stores.db, account.id, [
    { type: 'organization', key: 'north', name: 'North' },
    { type: 'brand', key: 'b', name: 'Brand' },
    { type: 'campaign', key: 'spring', name: 'Spring sale', channel: 'Email', brand: 'b' },
    { type: 'segment', key: 'germans', name: 'Germans', organization: 'north', definition: { predicate: { attribute: 'country', op: 'is', value: 'DE' } } },
    { type: 'segment', key: 'platform', name: 'Kept elsewhere' },
    { type: 'segment', key: 'hidden', name: 'Hidden', definition: { predicate: { attribute: 'country', op: 'is', value: 'FR' } } },
    { type: 'target_group', key: 'europe', name: 'Europe', definition: { predicate: { attribute: 'country', op: 'in', value: ['DE', 'FR'] }, priority: 5, exclusions: ['leads'] } },
    { type: 'target_group', key: 'leads', name: 'Leads', definition: { predicate: { attribute: 'stage', op: 'is', value: 'lead' } } },
    { type: 'target_group', key: 'first', name: 'First', definition: { predicate: { attribute: 'country', op: 'is', value: 'FR' }, priority: 1 } },
  ])
  await loadRows(stores, made, {
    customers: [...germans, ...french, ...few],
    events: recipients.flatMap((customer_id, index) => [
      { campaign_id: 'spring', message_id: `m${index}`, customer_id, event: 'sent' as const, channel: 'Email', occurred_at: at },
      { campaign_id: 'spring', message_id: `m${index}`, event: 'opened' as const, machine: index >= 15, occurred_at: at + 60_000 },
    ]),
    orders: [],
    webEvents: [],
  })
  await refreshFacts(stores, account.id)
})
afterAll(async () => await stores.close())

async function size(given: object, principal: Principal = principalOf(account)): Promise<{ answer: AudienceSize; text: string }> {
  const { structured, text } = await callTool<AudienceSize>(stores, principal, 'audience_size', given)
  return { answer: structured, text }
}

async function refusal(given: object, principal?: Principal): Promise<string> {
  const error = await refusalOf(size(given, principal))
  return `${error.code}: ${describeError(error)}`
}

const opened = { did: 'opened', within: { days: 30 } }

describe('audience_size', () => {
  it('counts a tree, who is reachable, and each predicate, in words', async () => {
    const { answer, text } = await size({ tree: { all: [{ attribute: 'country', op: 'is', value: 'de' }, opened] } })
    expect(answer.customers.count).toBe(64)
    expect(answer.audience).toMatchObject({ count: 15, share: 15 / 64, type: 'tree' })
    expect(answer.reachable[0]).toMatchObject({ channel: 'Email', count: 15, share: 1 })
    expect(answer.reachable[1]).toMatchObject({ channel: 'SMS', count: null, shown: 'fewer than 10', share: null })
    expect(answer.audience.explanation).toBe('Customers whose country is "de" and who opened at least 1 message in the last 30 days')
    expect(answer.predicates.map(({ path, count }) => [path, count])).toEqual([
      ['all[0]', 40],
      ['all[1]', 15],
    ])
    expect(answer.passport.dataAsOf).toBe('2026-11-10T10:01:00.000Z')
    expect(text).toContain('15 of 64 customers (23.44%)')
  })

  it('counts a segment by name and by conditions on campaigns, brands and custom attributes', async () => {
    expect((await size({ segment: 'germans' })).answer.audience).toMatchObject({ name: 'Germans', count: 40 })
    expect((await size({ tree: { did: 'sent', where: [{ field: 'campaign', op: 'is', value: 'spring SALE' }] } })).answer.audience.count).toBe(23)
    expect((await size({ tree: { did: 'sent', where: [{ field: 'brand', op: 'is', value: 'Brand' }] } })).answer.audience.count).toBe(23)
    expect((await size({ tree: { attribute: 'points', op: 'between', value: [10, '19.5'] } })).answer.audience.count).toBe(10)
  })

  it('leaves out of a target group its exclusions and the groups that come before it', async () => {
    const { answer } = await size({ targetGroup: 'Europe' })
    expect(answer.audience.count).toBe(15)
    expect(answer.predicates).toEqual([{ path: '', text: 'whose country is one of "DE", "FR"', count: null, shown: 'within 10 of another count shown' }])
    expect(answer.audience.leftOut).toEqual(['Left out: the target group "First", which comes before it.', 'Left out: the target group "Leads", excluded.'])
  })

  it('hides small counts, and counts that differ from another by few', async () => {
    expect((await size({ tree: { attribute: 'country', op: 'unknown' } })).answer.audience).toMatchObject({ count: null, shown: 'fewer than 10', share: null })
    // All but three and the stranger: the difference would say how many they are.
    const { answer } = await size({ tree: { attribute: 'country', op: 'in', value: ['DE', 'FR'] } })
    expect(answer.audience).toMatchObject({ count: null, shown: 'within 10 of another count shown', share: null })
  })

  it('says what would have been right', async () => {
    expect(await refusal({})).toMatchInlineSnapshot(`"invalid_arguments: Nothing to count. Send exactly one of segment, targetGroup and tree."`)
    expect(await refusal({ segment: 'Germns' })).toMatchInlineSnapshot(`"unknown_value: Unknown segment "Germns". Nearest: Germans. Allowed: Germans, Hidden, Kept elsewhere."`)
    expect(await refusal({ segment: 'Kept elsewhere' })).toMatchInlineSnapshot(
      `"conflict: The rule of the segment "Kept elsewhere" is kept by its platform: Mercat knows the name alone and cannot count it. Describe the rule as a tree, or import the definition with its predicate."`,
    )
    expect(await refusal({ tree: { all: [{ attribute: 'contry', op: 'is', value: 'DE' }] } })).toMatchInlineSnapshot(
      `"unknown_value: Unknown attribute "contry" at tree.all[0].attribute. Nearest: country. Allowed: country, language, signed_up, stage, consent, orders, total_spent, first_order, last_order, points. Custom attributes are declared in the settings of the account."`,
    )
    expect(await refusal({ tree: { attribute: 'country', op: '>', value: 'DE' } })).toMatchInlineSnapshot(
      `"unknown_value: tree.op: ">" cannot compare country, which is of type code. Allowed: is, isNot, in, notIn, contains, startsWith, known, unknown."`,
    )
    expect(await refusal({ tree: { attribute: 'consent', op: 'is', value: 'Emial' } })).toMatchInlineSnapshot(
      `"unknown_value: Unknown consent "Emial" at tree.value. Nearest: Email. Allowed: Email, SMS, WhatsApp, Viber, MobilePush, WebPush."`,
    )
    expect(await refusal({ tree: { did: 'openned' } })).toMatchInlineSnapshot(
      `"unknown_value: Unknown behaviour "openned" at tree.did. Nearest: opened. Allowed: sent, delivered, opened, clicked, unsubscribed, complained, bounced, ordered, visit."`,
    )
    expect(await refusal({ tree: { did: 'opened', where: [{ field: 'chanel', op: 'is', value: 'Email' }] } })).toMatchInlineSnapshot(
      `"unknown_value: Unknown field of opened "chanel" at tree.where[0].field. Nearest: channel. Allowed: channel, campaign, flow, brand, folder, tag, country, variant."`,
    )
    expect(await refusal({ tree: { did: 'opened', where: [{ field: 'campaign', op: 'is', value: 'Spring sal' }] } })).toMatchInlineSnapshot(
      `"unknown_value: Unknown campaign "Spring sal". Nearest: Spring sale. Allowed: Spring sale."`,
    )
    expect(await refusal({ tree: { any: [{ did: 'opened', where: [{ field: 'country' }] }, { all: [] }] } })).toMatchInlineSnapshot(
      `"invalid_arguments: tree.any[0].where[0].op Invalid option: expected one of "is"|"isNot"|"in"|"notIn"|"contains"|"startsWith"|">"|">="|"<"|"<="|"between"|"known"|"unknown"|"inLast"|"notInLast"|"top"."`,
    )
    // Three customers are in New Zealand: fewer than may be told apart from none.
    expect(await refusal({ tree: { attribute: 'country', op: 'is', value: 'NZ' } })).toMatchInlineSnapshot(
      `"unknown_value: Fewer than 10 customers have the country "NZ". Nearest: DE, FR. Allowed: DE, FR."`,
    )
    expect(await refusal({ tree: { attribute: 'stage', op: 'in', value: ['lead', 'laed'] } })).toMatchInlineSnapshot(
      `"unknown_value: Fewer than 10 customers have the stage "laed". Nearest: lead. Allowed: lead, active."`,
    )
    expect(await refusal({ tree: JSON.parse(`${'{"none":['.repeat(30)}{"did":"opened"}${']}'.repeat(30)}`) as object })).toMatchInlineSnapshot(
      `"invalid_arguments: tree.none[0].none[0].none[0].none[0].none[0].none[0].none[0].none[0] is nested deeper than 8 levels."`,
    )
  })

  it('a restricted member counts what they see, and no tree of their own; without the scope nothing', async () => {
    const [organization] = await stores.db.selectFrom('organizations').select('id').where('account_id', '=', account.id).execute()
    const restricted = { ...principalOf(account), organizations: [organization?.id ?? ''] }
    expect((await size({ segment: 'Germans' }, restricted)).answer.audience.count).toBe(40)
    expect(await refusal({ segment: 'Hidden' }, restricted)).toMatch(/^unknown_value: Unknown segment "Hidden"/)
    expect(await refusal({ tree: opened }, restricted)).toMatchInlineSnapshot(
      `"not_allowed: A tree of your own is counted over the whole account, of which you may see only some organizations or brands. Ask for a segment or a target group that you can see (list_entities)."`,
    )
    expect(await refusal({ tree: opened }, { ...principalOf(account), scopes: new Set(['read:mcp', 'read:reports']) })).toMatch(
      /^missing_scopes: Missing required scopes: read:segments/,
    )
  })

  it('of a rule that names what is not there, a member who sees only some brands learns that alone', async () => {
    const hidden = (where: object) => ({ predicate: { did: 'opened', where: [{ field: 'campaign', op: 'is', value: 'Renamed', ...where }] } })
    await upsertEntities(stores.db, account.id, [
      { type: 'segment', key: 'stale', name: 'Stale', organization: 'north', definition: hidden({}) },
      { type: 'target_group', key: 'before', name: 'Before', definition: { predicate: { attribute: 'shoe_size', op: 'is', value: 1 }, priority: 1 } },
      {
        type: 'target_group',
        key: 'after',
        name: 'After',
        organization: 'north',
        definition: { predicate: { attribute: 'country', op: 'is', value: 'DE' }, exclusions: ['before'] },
      },
    ])
    expect(await refusal({ segment: 'Stale' })).toMatch(/^unknown_value: Unknown campaign "Renamed"\..* Allowed: Spring sale\.$/)
    const [organization] = await stores.db.selectFrom('organizations').select('id').where('account_id', '=', account.id).execute()
    const restricted = { ...principalOf(account), organizations: [organization?.id ?? ''] }
    const words = 'conflict: The rule, or that of a group it leaves out, names something that is not there. Ask somebody who sees the whole account.'
    expect(await refusal({ segment: 'Stale' }, restricted)).toBe(words)
    expect(await refusal({ targetGroup: 'After' }, restricted)).toBe(words)
  })

  it('tells no names of what the scopes do not let one read', async () => {
    const tree = (value: string) => ({ tree: { did: 'sent', where: [{ field: 'campaign', op: 'is', value }] } })
    const reader = principalOf(account)
    const blind = { ...reader, scopes: new Set<Scope>(['read:mcp', 'read:segments']) }
    expect(await refusal(tree('Spring sal'), blind)).not.toContain('Spring sale')
    expect(await refusal(tree('Spring sal'), blind)).toContain('unknown_value: Unknown campaign "Spring sal"')
    expect((await size(tree('spring'), reader)).answer.audience.explanation).toContain('"Spring sale"')
    expect((await size(tree('spring'), blind)).answer.audience.explanation).toContain('"spring"')
  })

  it('shows no counts of predicates that together tell how many meet both', async () => {
    // 22 and 23 of the 40 who have points: five are in both.
    const [first, second] = [
      { attribute: 'points', op: 'between', value: [0, 21] },
      { attribute: 'points', op: 'between', value: [17, 39] },
    ]
    for (const tree of [{ any: [first, second] }, { any: [{ any: [first, second] }, { all: [first, second] }] }, { none: [first, second] }]) {
      const { answer, text } = await size({ tree })
      expect(answer.audience.count).not.toBeNull()
      for (const { count, shown } of answer.predicates) expect([count, shown]).toEqual([null, 'hidden: with the others it tells of fewer than 10'])
      expect(text).not.toMatch(/\| 2[23] \|/)
    }
    // Apart by many, together in many: nobody is told apart.
    const apart = {
      any: [
        { ...first, value: [0, 19] },
        { attribute: 'points', op: 'between', value: [10, 39] },
      ],
    }
    expect((await size({ tree: apart })).answer.predicates.map(({ count }) => count)).toEqual([20, 30])
  })
})
