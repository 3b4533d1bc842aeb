/** email_health_report: bands at their exact edges, what is not judged, changes beyond noise, inbox providers, worst campaigns, and advice that follows from what is measured. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countTokens } from '../../src/catalog/tokens.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { type EntitySpec, idOf, type InboxFact, type MessageFact, putEntities, putFacts } from './fixture.ts'
import { reportsOf } from './tools.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await openTestStores(new Date('2026-11-20T15:00:00Z'))
})
afterAll(async () => await stores.close())

const day = '2026-11-01'
type Fact = Omit<MessageFact, 'campaign' | 'day'> & Partial<Pick<MessageFact, 'campaign' | 'day'>>

/** An account with these facts; a fact names campaign `c` and an old day unless it says so. */
async function accountWith(
  messages: readonly Fact[],
  inboxes: readonly (Omit<InboxFact, 'campaign' | 'day'> & { campaign?: string })[] = [],
  entities: readonly EntitySpec[] = [],
) {
  const account = await makeAccount(stores.db)
  const filled = messages.map((fact) => ({ campaign: 'c', day, ...fact }))
  const known = new Set(entities.map(({ key }) => key))
  const others = [...new Set(filled.map(({ campaign }) => campaign))]
    .filter((key) => !known.has(key))
    .map((key): EntitySpec => ({ type: 'campaign', key, name: `Campaign ${key}`, channel: 'Email' }))
  await putEntities(stores, account, [...entities, ...others])
  await putFacts(stores, account, 1, { messages: filled, inboxes: inboxes.map((fact) => ({ campaign: 'c', day, ...fact })) })
  return { account, reports: reportsOf(stores, account) }
}
const healthy = { sends: 100_000, deliveries: 99_500, opens: 20_000, clicks: 3000, hard_bounces: 500, unsubscribes: 200, complaints: 10 }

describe('the bands', () => {
  // 100,000 sent and delivered: counts are the edges themselves, and one message beyond.
  it.each([
    ['openRate', 'opens', 15_000, 14_999, 10_000, 9999],
    ['clickRate', 'clicks', 2500, 2499, 800, 799],
    ['bounceRate', 'hard_bounces', 1000, 1001, 2000, 2001],
    ['unsubscribeRate', 'unsubscribes', 500, 501, 1000, 1001],
    ['spamRate', 'complaints', 50, 51, 200, 201],
  ])('of %s have the edges of docs/reports.md', async (metric, column, excellent, justGood, good, poor) => {
    const found = []
    for (const count of [excellent, justGood, good, poor]) {
      const { reports } = await accountWith([{ sends: 100_000, deliveries: 100_000, [column]: count }])
      found.push((await reports.health()).metrics.find((own) => own.metric === metric))
    }
    expect(found.map((own) => own?.band)).toEqual(['excellent', 'good', 'good', 'poor'])
    const [rate] = [Math.abs(good - excellent) / 100_000]
    expect(found.map((own) => own?.next)).toEqual([
      null,
      { band: 'excellent', distance: 0.00001, messages: 1 },
      { band: 'excellent', distance: Number(rate.toFixed(6)), messages: Math.abs(good - excellent) },
      { band: 'good', distance: 0.00001, messages: 1 },
    ])
  })

  it('judge nothing by fewer than 1,000 messages, and say why', async () => {
    const just = await accountWith([{ sends: 1000, deliveries: 999, opens: 500 }])
    const report = await just.reports.health()
    expect(report.metrics.map(({ metric, band, why }) => [metric, band, why])).toEqual([
      ['openRate', null, 'only 999 deliveries, fewer than 1,000'],
      ['clickRate', null, 'only 999 deliveries, fewer than 1,000'],
      ['bounceRate', 'excellent', undefined],
      ['unsubscribeRate', null, 'only 999 deliveries, fewer than 1,000'],
      ['spamRate', null, 'only 999 deliveries, fewer than 1,000'],
    ])
    expect(report.cautions.join()).toContain('Low volume: 999 deliveries')
    expect(report.metrics[0]?.value).toEqual([0.500501, 500, 999, expect.any(Number), expect.any(Number)])
    const empty = reportsOf(stores, await makeAccount(stores.db))
    const nothing = await empty.health()
    expect(nothing.metrics.every(({ band }) => band === null)).toBe(true)
    expect(nothing.metrics[0]).toMatchObject({ why: 'no deliveries', next: null, change: null })
    expect(nothing.advice).toEqual([])
    expect(nothing.cautions.join()).toContain('No events or orders have been imported')
  })
})

it('is about e-mail of the last 30 days, with a passport', async () => {
  const { reports } = await accountWith([healthy, { ...healthy, day: '2026-10-21' }, { ...healthy, campaign: 'text', channel: 'SMS' }])
  const report = await reports.health()
  expect([report.sends, report.deliveries]).toEqual([100_000, 99_500])
  expect(report.passport).toMatchObject({ startDate: '2026-10-22', endDate: '2026-11-20', timeBasis: 'send', filters: { channels: ['Email'] }, dataVersion: 1 })
  expect((await reports.health({ startDate: '2026-10-01' })).sends).toBe(200_000)
})

it('compares the last seven days that have data with the seven before, and tells noise from change', async () => {
  const { reports } = await accountWith([
    { ...healthy, day: '2026-11-05' },
    { ...healthy, day: '2026-11-12', opens: 18_000, clicks: 3020, complaints: 100 },
  ])
  const report = await reports.health()
  expect(report.weeks).toEqual(['2026-10-30', '2026-11-05', '2026-11-06', '2026-11-12'])
  const change = (metric: string) => report.metrics.find((own) => own.metric === metric)?.change
  const [now, before] = [18_000 / 99_500, 20_000 / 99_500]
  const error = Math.sqrt((now * (1 - now) + before * (1 - before)) / 99_500)
  expect(change('openRate')).toEqual({
    before: [0.201005, 20_000, 99_500],
    now: [0.180905, 18_000, 99_500],
    difference: Number((now - before).toFixed(6)),
    low: expect.closeTo(now - before - 1.959964 * error, 6) as number,
    high: expect.closeTo(now - before + 1.959964 * error, 6) as number,
    p: expect.any(Number) as number,
    beyondNoise: true,
    worse: true,
  })
  expect(change('clickRate')).toMatchObject({ beyondNoise: false, worse: false })
  expect(change('spamRate')).toMatchObject({ beyondNoise: true, worse: true })
  expect(report.advice.join()).toContain('Since 2026-11-06, worse than in the week before by more than noise: open rate 20.1% → 18.09%, spam rate 0.0101% → 0.1005%.')
  expect(report.cautions.join()).toContain('still gather opens')
  const text = await reports.text('email_health_report')
  expect(text).toContain('-2.0101 points')
  expect(text).toContain('within noise')
})

it('gives the known inbox providers, and the share that is not known', async () => {
  const providers = Array.from({ length: 10 }, (_, index) => ({ inbox: `P${index}`, sends: 1000, deliveries: 1000 - index, opens: 100 }))
  const { reports } = await accountWith(
    [{ ...healthy, deliveries: 99_955 }],
    [{ inbox: 'Gmail', sends: 50_000, deliveries: 50_000, opens: 10_000, complaints: 5 }, { inbox: '', sends: 20_000, deliveries: 20_000, opens: 4000 }, ...providers],
  )
  const { inboxes } = await reports.health()
  expect(inboxes.unknown).toEqual([0.4003, 40_000, 99_955].map((value, index) => (index === 0 ? Number((40_000 / 99_955).toFixed(6)) : value)))
  expect(inboxes.rows.map(([name]) => name)).toEqual(['Gmail', 'P0', 'P1', 'P2', 'P3', 'P4', '5 more'])
  expect(inboxes.rows[0]).toEqual([
    'Gmail',
    Number((50_000 / 99_955).toFixed(6)),
    [0.2, 10_000, 50_000, 'excellent'],
    [0, 0, 50_000, 'poor'],
    [0, 0, 50_000, 'excellent'],
    [0, 0, 50_000, 'excellent'],
    [0.0001, 5, 50_000, 'excellent'],
  ])
  // 999 deliveries are too few.
  expect(inboxes.rows[2]?.[2]).toEqual([0.1001, 100, 999, null])
  expect(inboxes.rows[6]?.[2]).toEqual([Number((500 / 4965).toFixed(6)), 500, 4965, 'good'])
})

it('lists the worst campaigns of each metric: judged ones that are not excellent', async () => {
  const { account, reports } = await accountWith([
    { campaign: 'a', sends: 2000, deliveries: 2000, opens: 220, clicks: 60 },
    { campaign: 'b', sends: 2000, deliveries: 2000, opens: 100, clicks: 60 },
    { campaign: 'c', sends: 2000, deliveries: 2000, opens: 900, clicks: 60 },
    { campaign: 'tiny', sends: 900, deliveries: 900, opens: 1, clicks: 1 },
    { campaign: 'd', sends: 2000, deliveries: 2000, opens: 210, clicks: 60 },
    { campaign: 'e', sends: 2000, deliveries: 2000, opens: 230, clicks: 60 },
  ])
  const report = await reports.health()
  expect(report.worst.rows).toEqual([
    ['openRate', idOf(account, 'campaign', 'b'), 'Campaign b', [0.05, 100, 2000, 'poor']],
    ['openRate', idOf(account, 'campaign', 'd'), 'Campaign d', [0.105, 210, 2000, 'good']],
    ['openRate', idOf(account, 'campaign', 'a'), 'Campaign a', [0.11, 220, 2000, 'good']],
  ])
  expect(report.campaigns).toEqual({ active: 6, judged: 5 })
})

describe('what to do', () => {
  const advised = async (...given: Parameters<typeof accountWith>) => (await (await accountWith(...given)).reports.health()).advice

  it('is nothing where nothing calls for it', async () => {
    expect(await advised([healthy], [{ inbox: 'Gmail', ...healthy }])).toEqual([])
    expect(await (await accountWith([healthy], [{ inbox: 'Gmail', ...healthy }])).reports.text('email_health_report')).toContain('Nothing that the figures call for.')
  })

  const gmail = (own: Partial<Fact>) => ({ inbox: 'Gmail', sends: 20_000, deliveries: 20_000, opens: 4000, clicks: 600, ...own })
  it.each<[string, Fact[], Parameters<typeof accountWith>[1], string]>([
    ['complaints of one provider', [{ ...healthy, complaints: 190 }], [gmail({ complaints: 100 })], 'Spam complaints at Gmail are 0.5% (100/20000), elsewhere 0.1132% (90/79500)'],
    [
      'complaints about one campaign',
      [
        { ...healthy, complaints: 50 },
        { campaign: 'bad', sends: 10_000, deliveries: 10_000, opens: 2000, clicks: 300, complaints: 400 },
      ],
      [],
      '400 of the 450 complaints are about Campaign bad; stop it',
    ],
    ['complaints everywhere', [{ ...healthy, complaints: 300 }], [], 'Spam rate 0.3015% (300/99500), spread over campaigns'],
    [
      'a provider that rejects',
      [{ ...healthy, hard_bounces: 1500 }],
      [gmail({ hard_bounces: 1000 })],
      'Gmail rejects 5% (1000/20000), the others 0.625% (500/80000): that looks like a block',
    ],
    [
      'bounces of one campaign',
      [healthy, { campaign: 'old list', sends: 10_000, deliveries: 7000, opens: 2000, clicks: 300, hard_bounces: 3000 }],
      [],
      '3000 of 3500 come from Campaign old list',
    ],
    ['bounces everywhere', [{ ...healthy, hard_bounces: 2500 }], [], 'Hard bounce rate 2.5% (2500/100000), spread over campaigns'],
    ['soft bounces', [{ ...healthy, soft_bounces: 5001 }], [], '5.001% of the sends bounced softly (5001/100000)'],
    ['a provider where nobody opens', [healthy], [gmail({ opens: 1000 })], 'Only 5% (1000/20000) open at Gmail, 23.9% (19000/79500) elsewhere'],
    [
      'few opens everywhere',
      [{ ...healthy, opens: 9000 }],
      [],
      'Open rate 9.045% (9000/99500) at every provider that is known, while clicks are fine: test subject, sender and time of sending, first of Campaign c.',
    ],
    ['few clicks', [{ ...healthy, clicks: 500 }], [], 'the click rate is 0.5025% (500/99500): what is inside does not lead on. Look at offer and links of Campaign c.'],
    [
      'unsubscribes of one campaign',
      [healthy, { campaign: 'daily', sends: 10_000, deliveries: 10_000, opens: 2000, clicks: 300, unsubscribes: 1500 }],
      [],
      '1500 of 1700 leave after Campaign daily',
    ],
    ['unsubscribes everywhere', [{ ...healthy, unsubscribes: 1200 }], [], 'Unsubscribe rate 1.206% (1200/99500), spread over campaigns'],
    ['machines that open', [{ ...healthy, machine_opens: 10_000 }], [], '33.33% of the opened messages were opened by machines only'],
    ['no complaints at all', [{ ...healthy, complaints: 0 }], [], 'No complaint at all in 99500 deliveries: probably none is reported.'],
    ['no bounces at all', [{ ...healthy, hard_bounces: 0 }], [], 'No bounce at all in 100000 sends'],
    ['providers that are not known', [healthy], [], 'The inbox provider of 100% of the deliveries is not known'],
  ])('names %s', async (_, messages, inboxes, expected) => {
    const advice = await advised(messages, inboxes)
    expect(advice.join('\n')).toContain(expected)
    // Only what these figures call for: the provider is not known in most of these, and one rule may go with another of its metric.
    expect(advice.filter((line) => !line.includes('inbox provider of')).length).toBeLessThanOrEqual(2)
  })

  it('stays silent just below its conditions', async () => {
    const known = { inbox: 'Gmail', sends: 60_000, deliveries: 60_000, opens: 12_000, clicks: 1800, hard_bounces: 300, complaints: 6 }
    expect(await advised([{ ...healthy, soft_bounces: 5000, machine_opens: 8571, complaints: 199, hard_bounces: 2000, unsubscribes: 995 }], [known])).toEqual([])
  })
})

it('takes filters and refuses unknown ones; a restricted member sees only what they may', async () => {
  const { account, reports } = await accountWith(
    [healthy, { campaign: 'own', sends: 5000, deliveries: 5000, opens: 100 }],
    [
      { inbox: 'Gmail', sends: 9000, deliveries: 9000 },
      { campaign: 'own', inbox: 'Yahoo', sends: 3000, deliveries: 3000 },
    ],
    [
      { type: 'brand', key: 'acme', name: 'Acme' },
      { type: 'campaign', key: 'own', name: 'Own', brand: 'acme', channel: 'Email' },
    ],
  )
  expect((await reports.health({ campaignIds: ['own'] })).sends).toBe(5000)
  expect(await reports.refusal('email_health_report', { brands: ['Acne'] })).toMatchObject({ code: 'unknown_value', details: { nearest: ['Acme'] } })
  expect((await reports.refusal('email_health_report', { channels: ['SMS'] })).code).toBe('invalid_arguments')
  const limited = await reportsOf(stores, account, principalOf(account, { brands: [idOf(account, 'brand', 'acme')] })).health()
  expect(limited.sends).toBe(5000)
  expect(limited.inboxes.rows.map(([name]) => name)).toEqual(['Yahoo'])
  expect(limited.cautions).toContain('Covers only the brands you may see.')
  expect(JSON.stringify(limited)).not.toContain('Campaign c')
})

it('is at most 2,000 tokens in either form even where everything is poor', async () => {
  const campaigns = Array.from({ length: 40 }, (_, index) => ({
    ...healthy,
    campaign: `c${index}`,
    opens: 9000,
    clicks: 900 - index,
    hard_bounces: 1500 + index,
    unsubscribes: 700 + index,
    complaints: 60 + index,
  }))
  const inboxes = Array.from({ length: 12 }, (_, index) => ({ ...healthy, campaign: 'c0', inbox: `Provider ${index}` }))
  const { reports } = await accountWith(campaigns, inboxes)
  const tokens = [await countTokens(JSON.stringify(await reports.health())), await countTokens(await reports.text('email_health_report'))]
  console.log(`email_health_report of 40 poor campaigns: ${tokens[0]} tokens structured, ${tokens[1]} as text`)
  expect(Math.max(...tokens)).toBeLessThanOrEqual(2000)
})
