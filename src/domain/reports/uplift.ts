/** Compares the arms of controlled campaigns (docs/figures.md, "Uplift"). Counts of people below the account's floor are never given. Pure. */
import { divideDecimals } from '../../core/money.ts'
import type { UpliftMeasure, UpliftRow } from './answer.ts'
import { label } from '../../core/match.ts'
import { ratio } from './measure.ts'
import type { Plan } from './plan.ts'
import { type Arm, itemOf } from './run.ts'
import { type Difference, differenceOfMeans, differenceOfShares } from './statistics.ts'

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
