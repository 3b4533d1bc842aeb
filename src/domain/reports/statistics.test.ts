import { describe, expect, it } from 'vitest'
import { differenceOfMeans, differenceOfShares, wilson } from './statistics.ts'

describe('Wilson’s interval', () => {
  // Newcombe 1998, table I: the score interval without continuity correction.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is as published', (successes, trials, low, high) => {
    const interval = wilson(successes, trials)
    expect(interval?.low).toBeCloseTo(low, 4)
    expect(interval?.high).toBeCloseTo(high, 4)
  })

  it('does not exist where the numbers are no share', () => {
    expect(wilson(0, 0)).toBeNull()
    expect(wilson(5, 4)).toBeNull()
  })
})

describe('uplift', () => {
  it('of Hillstrom’s campaigns comes out as published', () => {
    const heldOut = { successes: 2262, trials: 21306 }
    const mens = differenceOfShares({ successes: 3894, trials: 21307 }, heldOut)
    const womens = differenceOfShares({ successes: 3238, trials: 21387 }, heldOut)
    expect(mens?.difference).toBeCloseTo(0.07659, 5)
    expect(womens?.difference).toBeCloseTo(0.04523, 5)
    expect(differenceOfShares({ successes: 267, trials: 21307 }, { successes: 122, trials: 21306 })?.difference).toBeCloseTo(0.006805, 6)
    expect(differenceOfShares({ successes: 189, trials: 21387 }, { successes: 122, trials: 21306 })?.difference).toBeCloseTo(0.003111, 6)
    expect(mens?.p).toBeLessThan(1e-6)
    expect(mens && mens.low < mens.difference && mens.difference < mens.high).toBe(true)
  })

  it('has the interval and p-value of the two-proportion test', () => {
    // Reference: unpooled error for the interval, pooled for the p-value, computed with math.erfc in Python.
    expect(differenceOfShares({ successes: 15, trials: 100 }, { successes: 30, trials: 120 })).toEqual({ difference: -0.1, low: -0.204404, high: 0.004404, p: 0.0671 })
  })

  it('of means is Welch’s', () => {
    const sample = (values: number[]) => ({ size: values.length, sum: values.reduce((a, b) => a + b, 0), squares: values.reduce((a, b) => a + b * b, 0) })
    // Reference: t −2.852955, 27.887304 degrees of freedom, p 0.008072 (density integrated by Simpson's rule in Python).
    const a = sample([27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4])
    const b = sample([27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.4])
    expect(differenceOfMeans(a, b)).toEqual({ difference: -2.833333, low: -4.868023, high: -0.798644, p: 0.00807 })
    expect(differenceOfMeans(sample([1, 2, 3]), sample([1, 2, 3]))?.p).toBeCloseTo(1, 6)
  })

  it('does not exist without groups, and has no p-value where nothing varies', () => {
    expect(differenceOfShares({ successes: 0, trials: 0 }, { successes: 1, trials: 2 })).toBeNull()
    expect(differenceOfShares({ successes: 0, trials: 9 }, { successes: 0, trials: 9 })).toEqual({ difference: 0, low: 0, high: 0, p: null })
    expect(differenceOfMeans({ size: 1, sum: 1, squares: 1 }, { size: 9, sum: 1, squares: 1 })).toBeNull()
    expect(differenceOfMeans({ size: 3, sum: 6, squares: 12 }, { size: 3, sum: 3, squares: 3 })?.p).toBeNull()
  })
})
