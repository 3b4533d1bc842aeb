/** Compares the arms of controlled campaigns (docs/figures.md, "Uplift"). Counts of people below the account's floor are never given. Pure. */
import { divideDecimals } from '../../core/money.ts'
import type { UpliftMeasure, UpliftRow } from './answer.ts'
import { label } from '../../core/match.ts'
import { ratio } from './measure.ts'
import type { Plan } from './plan.ts'
import { type Arm, type Facts, itemOf } from './run.ts'
import { type Difference, differenceOfMeans, differenceOfShares } from './statistics.ts'

/** Rows of an answer that was not asked for uplift. */
const fewRows = 3
/** Rows of an answer that was, where its rows are no campaigns. */
const manyRows = 20

/** Campaigns that have a control group in the period, the largest first, then by key. */
export function controlledCampaigns({ now }: Facts): string[] {
  const heldOut = [...now].map(([key, tally]) => ({ key, people: [...tally.values()].reduce((sum, { messages }) => sum + messages.heldOut, 0) }))
  return heldOut
    .filter(({ people }) => people > 0)
    .sort((a, b) => b.people - a.people || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key)
}

/** The uplift of a selection, in few words unless it was asked for: at most so many rows, and how many campaigns with a control group are not among them. */
export function upliftSummary(plan: Plan, keys: readonly string[], arms: readonly Arm[]): { rows: UpliftRow[]; more: number } {
  const measured = upliftRows(plan, keys, arms)
  if (plan.uplift) return { rows: measured.slice(0, manyRows), more: keys.length - Math.min(measured.length, manyRows) }
  const rows = measured.filter(({ visits, orders, revenuePerCustomer }) => visits || orders || revenuePerCustomer).slice(0, fewRows)
  const short = (measure: UpliftMeasure | null) => {
    if (measure === null) return null
    const { treated: _treated, heldOut: _heldOut, ...difference } = measure
    return difference
  }
  return {
    rows: rows.map((row) => ({ ...row, visits: short(row.visits), orders: short(row.orders), revenuePerCustomer: short(row.revenuePerCustomer) })),
    more: keys.length - rows.length,
  }
}

/** Whether a row is one that nobody asked for: it is not about a row of the report. */
export function isCompact({ visits, orders, revenuePerCustomer }: UpliftRow): boolean {
  return [visits, orders, revenuePerCustomer].some((measure) => measure !== null && measure.treated === undefined)
}

/** One row for each campaign that has both arms, in the order of `keys`. */
export function upliftRows(plan: Plan, keys: readonly string[], arms: readonly Arm[]): UpliftRow[] {
  return keys.flatMap((key) => {
    const [treated, heldOut] = (['treated', 'held_out'] as const).map((name) => arms.find(({ campaign, arm }) => campaign === key && arm === name))
    return treated && heldOut ? [upliftRow(plan, key, treated, heldOut)] : []
  })
}

function upliftRow(plan: Plan, key: string, treated: Arm, heldOut: Arm): UpliftRow {
  const { campaign } = itemOf(plan, key)
  const floor = plan.privacyFloor
  const hidden = (people: number) => people > 0 && people < floor
  const size = (people: number) => (hidden(people) ? `fewer than ${floor}` : people)
  const named = { id: campaign.id, campaign: label(campaign.name), treated: size(treated.size), heldOut: size(heldOut.size) }
  if (hidden(treated.size) || hidden(heldOut.size)) return { ...named, visits: null, orders: null, revenuePerCustomer: null }
  const share = (of: 'visiting' | 'ordering') => {
    if (hidden(treated[of]) || hidden(heldOut[of])) return null
    const difference = differenceOfShares({ successes: treated[of], trials: treated.size }, { successes: heldOut[of], trials: heldOut.size })
    const cell = (arm: Arm) => [ratio(arm[of], arm.size), arm[of], arm.size]
    return difference && measureOf(cell(treated), cell(heldOut), difference)
  }
  // The revenue of a handful of people says what they spent.
  const spoken = !hidden(treated.ordering) && !hidden(heldOut.ordering)
  const means = spoken ? differenceOfMeans(sampleOf(treated), sampleOf(heldOut)) : null
  const money = (arm: Arm) => [divideDecimals(arm.amount, arm.size), arm.amount, arm.size]
  return { ...named, visits: share('visiting'), orders: share('ordering'), revenuePerCustomer: means && measureOf(money(treated), money(heldOut), means) }
}

function sampleOf({ size, amount, squares }: Arm) {
  return { size, sum: Number(amount), squares }
}

function measureOf(treated: UpliftMeasure['treated'], heldOut: UpliftMeasure['heldOut'], { difference, low, high, p }: Difference): UpliftMeasure {
  return { treated, heldOut, uplift: difference, low, high, p }
}
