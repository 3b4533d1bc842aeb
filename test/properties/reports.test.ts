/** Every report equals a plain computation over the raw events, exactly: totals, rows, the rest row, pages, timeline, comparison, uplift and the account's orders, for random streams and random questions. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureCampaigns, upsertEntities } from '../../src/domain/entities/index.ts'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import type { Account } from '../../src/core/access.ts'
import { derivedId } from '../../src/core/ids.ts'
import { inboxCounters } from '../fixtures/naive.ts'
import type { Report } from '../../src/domain/reports/index.ts'
import { type Stream, stream } from '../fixtures/arbitraries.ts'
import { type NaiveFacts, naiveFacts } from '../fixtures/naive.ts'
import { addDays, type Asked, figures, isAutomatic, isInUse, type Keep, placedOrders, sumsOf, upliftOf, type Window, withChannels } from '../reports/naive.ts'
import { reportsOf } from '../reports/tools.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { loadRows } from './load.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await openTestStores(new Date('2026-01-15T12:00:00Z'))
})
afterAll(async () => await stores.close())

/** What is asked, beside the stream. */
const question = fc.record({
  timeBasis: fc.constantFrom('send' as const, 'event' as const),
  second: fc.boolean(),
  channels: fc.constantFrom<readonly string[] | undefined>(undefined, undefined, ['Email'], ['SMS', 'Email']),
  automatic: fc.constantFrom<boolean | undefined>(undefined, undefined, true, false),
  startShift: fc.integer({ min: -3, max: 12 }),
  length: fc.integer({ min: 1, max: 25 }),
  groupBy: fc.constantFrom('campaign' as const, 'campaign' as const, 'channel' as const),
  limit: fc.integer({ min: 1, max: 3 }),
  sort: fc.constantFrom('sends', 'revenue', 'openRate', 'averageOrderValue', 'heldOut'),
})

type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never

/** Cells by column, without the interval that follows a rate, and with the denominator that is left out where it is the row's deliveries. */
function plain(columns: readonly string[], cells: readonly unknown[]): Record<string, unknown> {
  const named = columns
    .map((name, index): [string, unknown] => [name, cells[index]])
    .filter(([name]) => name !== 'id' && name !== 'campaign' && name !== 'channel' && name !== 'otherCurrencies')
  const deliveries = cells[columns.indexOf('deliveries')]
  return Object.fromEntries(named.map(([name, cell]) => [name, Array.isArray(cell) ? [cell[0], cell[1], cell[2] ?? deliveries] : cell]))
}

async function accountFor(given: Stream): Promise<{ account: Account; facts: NaiveFacts }> {
  const account = await makeAccount(stores.db, { timeZone: given.timeZone, currency: 'EUR', settings: { attribution: given.attribution, goals: given.goals, privacyFloor: 0 } })
  await upsertEntities(stores.db, account.id, [
    { type: 'flow', key: 'flow', name: 'Flow' },
    ...['c1', 'c2', 'c3'].map((key) => ({
      type: 'campaign' as const,
      key,
      name: key,
      ...(isAutomatic(key) ? { flow: 'flow' } : {}),
      definition: {
        ...(given.transactional.includes(key) ? { kind: 'transactional' } : {}),
        ...(given.measurementDays[key] ? { measurementDays: given.measurementDays[key] } : {}),
      },
    })),
  ])
  await loadRows(stores, account, given)
  // As every way in does when a load ends: an order may name a campaign that nobody has heard of.
  await ensureCampaigns(
    stores.db,
    account.id,
    [...given.events, ...given.orders].map(({ campaign_id }) => campaign_id ?? ''),
  )
  await refreshFacts(stores, account.id)
  const { excludedCampaigns, ...attribution } = given.attribution
  const facts = naiveFacts(
    {
      timeZone: given.timeZone,
      currency: 'EUR',
      customerKey: account.customerKey,
      attribution,
      goals: given.goals,
      excludedCampaigns: [...excludedCampaigns, ...given.transactional],
      measurementDays: given.measurementDays,
    },
    given,
  )
  return { account, facts }
}

/** One account, one question, and what the plain computation says about it. */
interface Case {
  readonly account: Account
  readonly facts: NaiveFacts
  readonly asked: Asked & { readonly groupBy: 'campaign' | 'channel'; readonly limit: number }
  readonly goal: Stream['goals'][number]
  readonly window: Window
  readonly before: Window
  readonly ordersKnown: boolean
  readonly reports: ReturnType<typeof reportsOf>
  readonly given: Record<string, unknown>
  /** Figures of the facts that a predicate keeps, in a window. */
  readonly expected: (keep?: Keep, window?: Window) => Record<string, unknown>
  readonly groupId: (campaign: string, channel: string) => string
}

async function caseOf(given: Stream, question: Question): Promise<Case> {
  const { account, facts } = await accountFor(given)
  const keys = [...Object.keys(facts.messages), ...Object.keys(facts.orders)]
  const first = keys.map((key) => key.split('|')[2] ?? '').sort()[0] ?? '2025-01-01'
  const start = addDays(first, question.startShift)
  const window = { start, end: addDays(start, question.length - 1) }
  const goal = given.goals[question.second ? given.goals.length - 1 : 0] as Stream['goals'][number]
  // A channel that is not in use is refused (traps.test.ts): ask without.
  const used = (question.channels ?? []).every((channel) => isInUse(facts, channel))
  const asked = used ? question : { ...question, channels: undefined }
  const ordersKnown = given.orders.length > 0
  const expected: Case['expected'] = (keep = () => true, days = window) => figures(withChannels(sumsOf(facts, asked, goal, days, keep), asked.channels ?? []), ordersKnown)
  const columns = Object.keys(expected())
  return {
    account,
    facts,
    asked,
    goal,
    window,
    ordersKnown,
    expected,
    before: { start: addDays(start, -question.length), end: addDays(start, -1) },
    reports: reportsOf(stores, account),
    given: {
      startDate: window.start,
      endDate: window.end,
      timeBasis: asked.timeBasis,
      goal: goal.name,
      groupBy: asked.groupBy,
      mode: 'full',
      metrics: [question.sort, ...columns.filter((name) => name !== question.sort), 'uplift'],
      ...(asked.channels ? { channels: asked.channels } : {}),
      ...(asked.automatic === undefined ? {} : { activationType: asked.automatic ? 'automatic' : 'manual' }),
    },
    groupId: (campaign, channel) => (asked.groupBy === 'channel' ? channel || '(no channel)' : derivedId('campaign', account.id, campaign)),
  }
}

/** Rows know only the channels on which something happened; totals know those that were asked for, too. */
function ofRows({ facts, asked, goal, window, ordersKnown }: Case, keep: Keep): Record<string, unknown> {
  return figures(sumsOf(facts, asked, goal, window, keep), ordersKnown)
}

async function wholeReport(at: Case): Promise<Report> {
  const { reports, given, expected, groupId, facts, asked, goal, window } = at
  const report = await reports.campaigns({ ...given, timeline: 'day', limit: 200 })
  expect(plain(Object.keys(report.summary), Object.values(report.summary))).toEqual(expected())
  for (const row of report.rows) expect(plain(report.columns, row)).toEqual(ofRows(at, (campaign, channel) => groupId(campaign, channel) === row[0]))
  const groups = new Set<string>()
  sumsOf(facts, asked, goal, window, (campaign, channel) => groups.add(groupId(campaign, channel)) !== undefined)
  expect(report.rows.map((row) => row[0]).sort()).toEqual([...groups].sort())
  expect(report.other).toBeNull()
  for (const row of report.timeline?.rows ?? []) {
    const { day, ...cells } = plain(report.timeline?.columns ?? [], row)
    expect(cells).toEqual(expected((_campaign, _channel, on) => on === day))
  }
  return report
}

/** Pages are the whole, in its order; the rest row of each is everything not on it. */
async function pagesAreWhole(at: Case, whole: Report): Promise<void> {
  const rows: unknown[] = []
  let cursor: string | null = null
  do {
    const page: Report = await at.reports.campaigns({ ...at.given, limit: at.asked.limit, ...(cursor ? { cursor } : {}) })
    rows.push(...page.rows)
    const shown = new Set(page.rows.map((row) => row[0]))
    if (page.other) expect(plain(page.columns, page.other)).toEqual(ofRows(at, (campaign, channel) => !shown.has(at.groupId(campaign, channel))))
    else expect(shown.size).toBe(whole.rows.length)
    cursor = page.nextCursor
  } while (cursor)
  expect(rows).toEqual(whole.rows)
}

async function comparisonIsRight({ reports, given, expected, before }: Case): Promise<void> {
  const { comparison } = await reports.campaigns({ ...given, mode: 'overview', compareTo: 'previousPeriod' })
  for (const [name, value] of Object.entries(expected(undefined, before))) expect((comparison?.[name] as { previous: unknown } | undefined)?.previous, name).toEqual(value)
}

/** The numerator of a cell. */
const second = (cell: unknown): unknown => (Array.isArray(cell) ? cell[1] : undefined)

function upliftIsRight({ account, facts, goal, window, asked }: Case, { uplift = [], rows }: Report): void {
  if (asked.groupBy !== 'campaign') return
  for (const key of ['c1', 'c2', 'c3']) {
    const id = derivedId('campaign', account.id, key)
    const [treated, heldOut] = [upliftOf(facts, goal.name, window, 'treated', key), upliftOf(facts, goal.name, window, 'held_out', key)]
    const row = uplift.find((candidate) => candidate.id === id)
    const shown = rows.some(([rowId]) => rowId === id) && treated !== null && heldOut !== null
    expect(row && [row.treated, row.heldOut, second(row.visits?.treated), second(row.visits?.heldOut)]).toEqual(
      shown ? [treated[0], heldOut[0], treated[1], heldOut[1]] : undefined,
    )
  }
}

async function overviewIsRight({ reports, facts, goal, window, asked, ordersKnown }: Case): Promise<void> {
  const overview = await reports.overview({ startDate: window.start, endDate: window.end, goal: goal.name, timeBasis: asked.timeBasis })
  const { orders, attributedOrders } = overview.account ?? {}
  expect(orders).toBe(ordersKnown ? placedOrders(facts, goal, window, () => true) : null)
  if (Array.isArray(attributedOrders)) expect(attributedOrders[1]).toBe(placedOrders(facts, goal, window, (campaign) => campaign !== ''))
  const everything = figures(
    sumsOf(facts, { ...asked, channels: undefined, automatic: undefined }, goal, window, () => true),
    ordersKnown,
  )
  for (const [name, cell] of Object.entries(overview.summary)) expect(cell, name).toEqual(everything[name])
}

/** Each channel once; what a channel cannot report is null in its row. */
async function channelsAreRight({ reports, given, expected, facts, asked, goal, window, ordersKnown }: Case): Promise<void> {
  const { groupBy: _by, metrics, ...rest } = given
  const report = await reports.channels({ ...rest, metrics })
  expect(plain(Object.keys(report.summary), Object.values(report.summary))).toEqual(expected())
  const used = new Set<string>(asked.channels ?? [])
  sumsOf(facts, asked, goal, window, (_, channel) => used.add(channel) !== undefined)
  expect(report.rows.map(([name]) => name).sort()).toEqual([...used].map((channel) => channel || '(no channel)').sort())
  for (const row of report.rows) {
    const channel = row[0] === '(no channel)' ? '' : String(row[0])
    const cells = Object.entries(plain(report.columns, row))
    const own = figures(
      withChannels(
        sumsOf(facts, asked, goal, window, (_, of) => of === channel),
        [channel],
      ),
      ordersKnown,
    )
    expect(Object.fromEntries(cells.filter(([name]) => !name.endsWith('.share')))).toEqual(own)
    for (const [name, share] of cells.filter(([key]) => key.endsWith('.share'))) {
      const [part, total] = [own, expected()].map((side) => side[name.slice(0, -'.share'.length)])
      const unknown = part === null || total === null || Number(total) === 0
      if (unknown) expect(share, name).toBeNull()
      else expect(share, name).toBeCloseTo(Number(part) / Number(total), 5)
    }
  }
}

/** Every figure of e-mail, by inbox provider too, and of the two weeks. */
async function healthIsRight({ reports, facts, asked, goal, window }: Case): Promise<void> {
  const { automatic } = asked
  const report = await reports.health({ startDate: window.start, endDate: window.end, ...(automatic === undefined ? {} : { activationType: automatic ? 'automatic' : 'manual' }) })
  const email = { timeBasis: 'send', channels: ['Email'], automatic } as const
  const of = (days: Window) =>
    figures(
      withChannels(
        sumsOf(facts, email, goal, days, () => true),
        ['Email'],
      ),
      true,
    )
  const first = (cell: unknown) => (Array.isArray(cell) ? cell.slice(0, 3) : cell)
  const whole = of(window)
  expect([report.sends, report.deliveries]).toEqual([whole.sends, whole.deliveries])
  const [beforeStart = '', beforeEnd = '', lastStart = '', lastEnd = ''] = report.weeks
  const [before, last] = [of({ start: beforeStart, end: beforeEnd }), of({ start: lastStart, end: lastEnd })]
  for (const { metric, value, change } of report.metrics) {
    expect(first(value), metric).toEqual(whole[metric])
    if (change) expect([change.before, change.now], metric).toEqual([before[metric], last[metric]])
  }
  const inboxes = new Map<string, Partial<Record<(typeof inboxCounters)[number], number>>>()
  for (const [key, counts] of Object.entries(facts.inboxes)) {
    const [campaign, basis, day, inbox] = key.split('|') as [string, string, string, string]
    if (basis !== 'send' || day < window.start || day > window.end || (automatic !== undefined && isAutomatic(campaign) !== automatic)) continue
    const held = inboxes.get(inbox) ?? {}
    for (const name of inboxCounters) held[name] = (held[name] ?? 0) + (counts[name] ?? 0)
    inboxes.set(inbox, held)
  }
  const known = [...inboxes].filter(([name, counts]) => name !== '' && (counts.sends ?? 0) > 0)
  expect(report.inboxes.rows.map(([name]) => name).sort()).toEqual(known.map(([name]) => name).sort())
  for (const [name, counts] of known) {
    const row = report.inboxes.rows.find(([inbox]) => inbox === name)
    const own = figures({ counts: new Map([['Email', counts]]), orders: new Map() }, true)
    expect(row?.slice(2).map(first), name).toEqual(['openRate', 'clickRate', 'bounceRate', 'unsubscribeRate', 'spamRate'].map((metric) => own[metric]))
  }
  expect(second(report.inboxes.unknown)).toBe(Number(whole.deliveries) - known.reduce((sum, [, counts]) => sum + (counts.deliveries ?? 0), 0))
}

test('reports of random streams equal the plain computation', async () => {
  await fc.assert(
    fc.asyncProperty(stream, question, async (given, asked) => {
      const at = await caseOf(given, asked)
      const whole = await wholeReport(at)
      await pagesAreWhole(at, whole)
      await comparisonIsRight(at)
      upliftIsRight(at, whole)
      await overviewIsRight(at)
      await channelsAreRight(at)
      await healthIsRight(at)
    }),
    { numRuns: Number(process.env.REPORT_RUNS ?? 25), ...(process.env.REPORT_SEED ? { seed: Number(process.env.REPORT_SEED) } : {}) },
  )
})
