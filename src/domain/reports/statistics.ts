/** The statistics of the answers: intervals and tests of docs/figures.md, "Uplift". Pure; distributions come from jstat. */
import jstat from 'jstat'

const { normal, studentt } = jstat.jStat
const z95 = normal.inv(0.975, 0, 1)
/** Three significant digits: six places would print a small probability as 0. */
const probability = (value: number) => Number(Math.min(1, Math.max(0, value)).toPrecision(3))
const round = (value: number) => Number(value.toFixed(6))

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Wilson's score interval at 95 % of a share; null where the numbers are not a share (nothing, or more than all). */
export function wilson(successes: number, trials: number): Interval | null {
  if (trials <= 0 || successes < 0 || successes > trials) return null
  const share = successes / trials
  const shrink = 1 + z95 ** 2 / trials
  const centre = (share + z95 ** 2 / (2 * trials)) / shrink
  const half = (z95 * Math.sqrt((share * (1 - share)) / trials + z95 ** 2 / (4 * trials ** 2))) / shrink
  return { low: round(Math.max(0, centre - half)), high: round(Math.min(1, centre + half)) }
}

/** A difference of two groups with its 95 % interval and two-sided p-value; `p` null where the groups do not vary at all. */
export interface Difference extends Interval {
  readonly difference: number
  readonly p: number | null
}

/** Two-proportion z-test: interval from the unpooled error, p-value from the pooled one. Null when a group is empty. */
export function differenceOfShares(a: { successes: number; trials: number }, b: { successes: number; trials: number }): Difference | null {
  if (a.trials === 0 || b.trials === 0) return null
  const [shareA, shareB] = [a.successes / a.trials, b.successes / b.trials]
  const difference = shareA - shareB
  const error = Math.sqrt((shareA * (1 - shareA)) / a.trials + (shareB * (1 - shareB)) / b.trials)
  const pooled = (a.successes + b.successes) / (a.trials + b.trials)
  const pooledError = Math.sqrt(pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials))
  const p = pooledError === 0 ? null : probability(2 * normal.cdf(-Math.abs(difference / pooledError), 0, 1))
  return { difference: round(difference), low: round(difference - z95 * error), high: round(difference + z95 * error), p }
}

/** A group's values, as their number, sum and sum of squares. */
export interface Sample {
  readonly size: number
  readonly sum: number
  readonly squares: number
}

/** Welch's test of two means. Null when a group has fewer than two values. */
export function differenceOfMeans(a: Sample, b: Sample): Difference | null {
  if (a.size < 2 || b.size < 2) return null
  const difference = a.sum / a.size - b.sum / b.size
  const [errorA, errorB] = [squaredError(a), squaredError(b)]
  const error = Math.sqrt(errorA + errorB)
  if (error === 0) return { difference: round(difference), low: round(difference), high: round(difference), p: null }
  const degrees = (errorA + errorB) ** 2 / (errorA ** 2 / (a.size - 1) + errorB ** 2 / (b.size - 1))
  const half = studentt.inv(0.975, degrees) * error
  return { difference: round(difference), low: round(difference - half), high: round(difference + half), p: probability(2 * studentt.cdf(-Math.abs(difference / error), degrees)) }
}

/** Variance of the mean; a negative variance can only be rounding. */
function squaredError({ size, sum, squares }: Sample): number {
  return Math.max(0, (squares - sum ** 2 / size) / (size - 1)) / size
}
