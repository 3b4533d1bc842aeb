/** Shapes the answer of account_overview: all orders, and campaigns and flows together, each message once. Pure. */
import type { Principal } from '../../core/access.ts'
import { addDecimals, type Decimal, divideDecimals, subtractDecimals } from '../../core/money.ts'
import type { Overview } from './answer.ts'
import { cautionsOf } from './cautions.ts'
import { total } from './groups.ts'
import type { Cell } from './measure.ts'
import { compare, ratio } from './measure.ts'
import { passportOf } from './passport.ts'
import type { Plan } from './plan.ts'
import { type Extras, legendOf, type Page, summarise, timelineOf, upliftPart } from './report.ts'
import { cellsOf, columnsOf, flag, type Flagged, flagsOf, layoutOf, nameCells, nameColumns } from './rows.ts'
import { type Facts, itemOf, type Placed } from './run.ts'
import { sumOf } from './tally.ts'

/** @param accountWide whether the caller sees the whole account: orders that no campaign earned belong to no brand and no organization. */
export function shapeOverview(plan: Plan, facts: Facts, { context, groups, shown }: Page, extras: Extras, accountWide: boolean, principal: Principal, now: Date): Overview {
  const layout = layoutOf(plan, context, [], total(plan, facts.now.values()))
  const flagged: Flagged = { lowVolume: [], fewOrders: [], otherCurrencies: [] }
  const head = summarise(plan, facts, layout, flagged)
  const rows = shown.map((group, index) => {
    flag(flagged, String(index + 1), layout, group.now)
    return [...nameCells(plan, group.id, group.name), ...cellsOf(layout, group.now, group.before)]
  })
  const part = (automatic: boolean) => sumOf([...facts.now].filter(([key]) => (itemOf(plan, key).campaign.flowId !== null) === automatic).map(([, tally]) => tally))
  const parts = [false, true].map((automatic): Cell[] => [automatic ? 'flows' : 'manual campaigns', ...cellsOf(layout, part(automatic), new Map())])
  const cautions = cautionsOf({ plan, principal, facts, summary: head.summary, foreignOrders: head.foreign, automatic: false, moreUplift: extras.moreUplift })
  if (!accountWide)
    cautions.push('account is null: an order that no campaign earned belongs to no brand or organization, so only members who see the whole account get all orders.')
  else if (plan.basis === 'send') cautions.push('account counts orders placed in the period, summary those of messages sent in it: compare them only with timeBasis event.')
  const { summary, comparison, otherCurrencies } = head
  return {
    legend: legendOf(layout),
    account: accountWide ? accountOf(plan, facts) : null,
    summary,
    ...(comparison ? { comparison } : {}),
    ...(otherCurrencies ? { otherCurrencies } : {}),
    parts,
    columns: [...nameColumns(plan), ...columnsOf(layout)],
    rows,
    ...(plan.timeline ? { timeline: timelineOf(plan, plan.timeline, facts, layout) } : {}),
    ...upliftPart(extras),
    flags: flagsOf(flagged),
    cautions: groups.active.length > shown.length ? [...cautions, 'Not all channels are shown.'] : cautions,
    passport: passportOf(plan, facts, head.tally, now),
  }
}

interface Sum {
  readonly orders: number
  readonly revenue: Decimal
}

function sumPlaced(rows: readonly Placed[], chosen: (row: Placed) => boolean, currency: string): Sum {
  const kept = rows.filter(chosen)
  return {
    orders: kept.reduce((sum, { count }) => sum + count, 0),
    revenue: addDecimals(kept.filter((row) => row.currency === currency).map(({ amount }) => amount)),
  }
}

/** All orders of the goal placed in the period, and the share that campaigns and flows earned. */
function accountOf(plan: Plan, facts: Facts): Record<string, Cell> {
  const { currency } = plan.account
  const { placed } = facts
  const names = ['orders', 'revenue', 'attributedOrders', 'attributedRevenue', 'unattributedOrders', 'unattributedRevenue']
  if (!facts.ordersKnown) return Object.fromEntries(names.map((name) => [name, null]))
  const all = sumPlaced(placed, ({ now }) => now, currency)
  const earned = sumPlaced(placed, ({ now, attributed }) => now && attributed, currency)
  const share = divideDecimals(earned.revenue, all.revenue)
  const cells: Record<string, Cell> = {
    orders: all.orders,
    revenue: all.revenue,
    attributedOrders: [ratio(earned.orders, all.orders), earned.orders, all.orders],
    attributedRevenue: [share === null ? null : Number(share), earned.revenue, all.revenue],
    unattributedOrders: all.orders - earned.orders,
    unattributedRevenue: subtractDecimals(all.revenue, earned.revenue),
  }
  for (const other of [...new Set(placed.filter(({ now }) => now).map((row) => row.currency))].filter((name) => name !== currency).sort()) {
    const ofCurrency = placed.filter((row) => row.currency === other)
    const sums = sumPlaced(ofCurrency, ({ now }) => now, other)
    const sumsEarned = sumPlaced(ofCurrency, ({ now, attributed }) => now && attributed, other)
    cells[other] = [sums.orders, sums.revenue, sumsEarned.orders, sumsEarned.revenue]
  }
  if (!plan.comparison) return cells
  const before = sumPlaced(placed, ({ now }) => !now, currency)
  const plain = (value: number | Decimal) => ({ value, numerator: value, denominator: null })
  const changeOf = (value: number | Decimal, earlier: number | Decimal): Cell => {
    const { delta, change } = compare(plain(value), plain(earlier))
    return [earlier, delta, change]
  }
  return { ...cells, ordersChange: changeOf(all.orders, before.orders), revenueChange: changeOf(all.revenue, before.revenue) }
}
