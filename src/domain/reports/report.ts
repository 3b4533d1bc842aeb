/** Shapes the answer of campaign_report and flow_report: plan + facts → Report. Pure. */
import type { Principal } from '../../core/access.ts'
import { pageAt } from '../../core/page.ts'
import { addDays, startOfUnit, unitsOf } from '../../core/period.ts'
import type { Change, Comparison, Report, UpliftRow } from './answer.ts'
import { cautionsOf } from './cautions.ts'
import { type GroupFacts, groupFacts, type Groups, total } from './groups.ts'
import { type Cell, compare, measure, type MeasureContext, toCell } from './measure.ts'
import { passportOf } from './passport.ts'
import { overlaps, type Plan } from './plan.ts'
import { questionOf } from './question.ts'
import { cellsOf, columnsOf, flag, type Flagged, flagsOf, foreignOrders, formOf, type Layout, layoutOf, nameCells, nameColumns } from './rows.ts'
import { type Facts, itemOf } from './run.ts'
import { sumOf, type Tally } from './tally.ts'

/** How many ids without activity are listed; named ones always are. An overview lists all or, since a few of many say nothing, none. */
const inactiveListed = { overview: 10, detailed: 50, full: 200 }

/** A report's groups, and the page of them that the answer shows. */
export interface Page {
  readonly context: MeasureContext
  readonly groups: Groups
  readonly shown: readonly GroupFacts[]
}

export function contextOf(plan: Plan, facts: Facts): MeasureContext {
  return { currency: plan.account.currency, goalChannels: plan.goal.channels, ordersKnown: facts.ordersKnown }
}

export function pageOf(plan: Plan, facts: Facts): Page {
  const context = contextOf(plan, facts)
  const groups = groupFacts(plan, facts, context)
  return { context, groups, shown: groups.active.slice(plan.offset, plan.offset + plan.limit) }
}

/** What only some reports have beside the rows. */
export interface Extras {
  readonly variants: ReadonlyMap<string, ReadonlyMap<string, Tally>> | undefined
  readonly uplift: readonly UpliftRow[]
  /** Campaigns with a control group that `uplift` does not list. */
  readonly moreUplift: number
}

export function shapeReport(plan: Plan, facts: Facts, { context, groups, shown }: Page, extras: Extras, principal: Principal, now: Date): Report {
  const layout = layoutOf(
    plan,
    context,
    groups.active.map((group) => group.now),
    total(plan, facts.now.values()),
  )
  const flagged: Flagged = { lowVolume: [], fewOrders: [], otherCurrencies: [] }
  const head = summarise(plan, facts, layout, flagged)
  const rows = shown.map((group, index) => {
    flag(flagged, String(plan.offset + index + 1), layout, group.now)
    return [...nameCells(plan, group.id, group.name), ...cellsOf(layout, group.now, group.before)]
  })
  const { summary, comparison, otherCurrencies } = head
  return {
    legend: legendOf(layout),
    summary,
    ...(comparison ? { comparison } : {}),
    ...(otherCurrencies ? { otherCurrencies } : {}),
    columns: [...nameColumns(plan), ...columnsOf(layout)],
    rows,
    other: otherRow(plan, layout, groups, shown, flagged),
    ...pageAt(plan.offset, shown.length, groups.active.length, questionOf(plan), String(facts.snapshot)),
    noActivity: inactive(plan, groups),
    ...(plan.timeline ? { timeline: timelineOf(plan, plan.timeline, facts, layout) } : {}),
    ...(extras.variants ? { variants: variantsOf(plan, extras.variants, layout) } : {}),
    ...upliftPart(extras),
    flags: flagsOf(flagged),
    cautions: cautionsOf({
      plan,
      principal,
      facts,
      summary,
      foreignOrders: head.foreign,
      automatic: [...facts.now.keys()].some((key) => itemOf(plan, key).campaign.flowId !== null),
      moreUplift: extras.moreUplift,
    }),
    passport: passportOf(plan, facts, head.tally, now),
  }
}

/** The answer's uplift, where there is any. */
export function upliftPart({ uplift }: Pick<Extras, 'uplift'>): Pick<Report, 'uplift'> {
  return uplift.length ? { uplift: [...uplift] } : {}
}

/** The totals over the campaigns, each once, and what they are compared with. */
export function summarise(plan: Plan, facts: Facts, layout: Layout, flagged: Flagged) {
  const tally = total(plan, facts.now.values())
  flag(flagged, 'summary', layout, tally)
  const { context, intervals } = layout
  const measures = layout.metrics.map((metric) => ({ metric, value: measure(metric, tally, context) }))
  const foreign = foreignOrders(tally, context.currency)
  return {
    tally,
    foreign: [...foreign.values()].reduce((sum, { orders }) => sum + orders, 0),
    summary: Object.fromEntries(measures.map(({ metric, value }) => [metric.id, toCell(metric, value, { intervals, deliveries: undefined })])) as Record<string, Cell>,
    ...(plan.comparison ? { comparison: comparisonOf(plan.comparison, measures, total(plan, facts.before.values()), layout) } : {}),
    ...(foreign.size ? { otherCurrencies: Object.fromEntries([...foreign].map(([currency, { orders, revenue }]) => [currency, [orders, revenue]])) as Record<string, Cell> } : {}),
  }
}

function comparisonOf(
  period: { start: string; end: string },
  measures: { metric: Layout['metrics'][number]; value: ReturnType<typeof measure> }[],
  before: Tally,
  { context, intervals }: Layout,
): Comparison {
  const changes = measures.map(({ metric, value }): [string, Change] => {
    const earlier = measure(metric, before, context)
    return [metric.id, { previous: toCell(metric, earlier, { intervals, deliveries: undefined }), ...compare(value, earlier) }]
  })
  return { startDate: period.start, endDate: period.end, ...Object.fromEntries(changes) }
}

/** Everything that is not on this page, as one row; null when that is nothing, or when groups overlap. */
function otherRow(plan: Plan, layout: Layout, { active, past }: Groups, shown: readonly GroupFacts[], flagged: Flagged): Cell[] | null {
  if (overlaps(plan.groupBy)) return null
  const onPage = new Set(shown)
  const rest = active.filter((group) => !onPage.has(group))
  const outside = layout.comparison ? [...rest, ...past] : rest
  if (outside.length === 0) return null
  const now = sumOf(rest.map((group) => group.now))
  flag(flagged, 'other', layout, now)
  const names = nameColumns(plan)
  return [...names.map((_, index) => (index === 0 ? 'other' : otherName(rest.length))), ...cellsOf(layout, now, sumOf(outside.map((group) => group.before)))]
}

/** How to read cells. */
export function legendOf({ intervals }: Layout): string {
  return intervals
    ? 'ratio: [value, numerator, denominator, 95 % interval of a rate]; null: unknown'
    : 'ratio: [value, numerator, denominator (default: deliveries)]; null: unknown'
}

export function otherName(count: number): string {
  return `${count} not on this page`
}

function inactive(plan: Plan, { inactive: groups }: Groups): Report['noActivity'] {
  const named = groups.filter(({ id }) => plan.named.has(id)).length
  const most = inactiveListed[plan.mode]
  const listed = Math.max(named, plan.mode === 'overview' && groups.length > most ? 0 : most)
  return { count: groups.length, ids: groups.slice(0, listed).map(({ id }) => id) }
}

/** Each unit of the period, empty ones included. The first and last unit are cut to the period, and say so by their days. */
export function timelineOf(plan: Plan, unit: NonNullable<Plan['timeline']>, facts: Facts, layout: Layout): NonNullable<Report['timeline']> {
  const { period } = plan
  const units = unitsOf(period, unit)
  const rows = units.map((first, index) => {
    const tally = new Map(facts.timeline.get(startOfUnit(first, unit)) ?? [])
    for (const [channel, part] of total(plan, [])) if (!tally.has(channel)) tally.set(channel, part)
    const form = { ...formOf(layout, tally), intervals: false }
    const cells = layout.metrics.map((metric) => toCell(metric, measure(metric, tally, layout.context), form))
    const following = units[index + 1]
    const days = unit === 'day' ? [first] : [index === 0 ? period.start : first, following === undefined ? period.end : addDays(following, -1)]
    return [...days, ...cells]
  })
  return { columns: [...(unit === 'day' ? ['day'] : ['from', 'to']), ...layout.metrics.map(({ id }) => id)], rows }
}

function variantsOf(plan: Plan, variants: NonNullable<Extras['variants']>, layout: Layout): NonNullable<Report['variants']> {
  const rows = [...variants].flatMap(([key, tallies]) =>
    [...tallies]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([variant, tally]): Cell[] => [
        itemOf(plan, key).campaign.id,
        variant,
        ...layout.metrics.map((metric) => toCell(metric, measure(metric, tally, layout.context), formOf(layout, tally))),
      ]),
  )
  return { columns: ['id', 'variant', ...layout.metrics.map(({ id }) => id)], rows }
}
