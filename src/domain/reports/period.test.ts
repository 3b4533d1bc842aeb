import { describe, expect, it } from 'vitest'
import { MercatError } from '../../core/errors.ts'
import { parsePeriod } from '../../core/period.ts'
import { parseComparison, parseTimeline } from './period.ts'
import { settledThrough } from './passport.ts'

const today = '2026-11-20'
const parse = (startDate?: string, endDate?: string) => parsePeriod({ startDate, endDate }, today, 'Europe/Berlin')

describe('the period', () => {
  it('is the last 90 days, or 90 days up to the given end', () => {
    expect(parse()).toEqual({ start: '2026-08-23', end: today })
    expect(parse(undefined, '2026-03-31')).toEqual({ start: '2026-01-01', end: '2026-03-31' })
    expect(parse('2026-11-20')).toEqual({ start: today, end: today })
  })

  it('keeps an end in the future: a window is never quietly cut', () => {
    expect(parse('2026-11-01', '2026-11-30')).toEqual({ start: '2026-11-01', end: '2026-11-30' })
  })

  it.each([
    ['reversed', '2026-11-10', '2026-11-01', 'earlier day as startDate'],
    ['after today', '2026-11-21', '2026-12-31', 'up to 2026-11-20'],
    ['no such day', '2026-02-30', undefined, 'not in the calendar'],
    ['another form', '20.11.2026', undefined, 'yyyy-MM-dd'],
    ['empty', '', undefined, 'yyyy-MM-dd'],
    ['year 9999', '9999-01-01', '9999-12-31', 'between 2000 and 2100'],
    ['too long', '2015-01-01', undefined, 'at most 1830 days'],
  ])('refuses what is %s and says what to send', (_, startDate, endDate, advice) => {
    expect(() => parse(startDate, endDate)).toThrowError(MercatError)
    try {
      parse(startDate, endDate)
    } catch (error) {
      expect((error as MercatError).code).toBe('invalid_arguments')
      expect((error as MercatError).details.hint).toContain(advice)
    }
  })

  it('is compared with its neighbour or the year before, never with itself', () => {
    const period = { start: '2026-03-01', end: '2026-03-31' }
    expect(parseComparison('previousPeriod', period)).toEqual({ start: '2026-01-29', end: '2026-02-28' })
    expect(parseComparison('previousYear', period)).toEqual({ start: '2025-03-01', end: '2025-03-31' })
    expect(parseComparison('none', period)).toBeNull()
    expect(() => parseComparison('previousYear', { start: '2025-01-01', end: '2026-03-31' })).toThrowError('longer than the year')
  })

  it('has at most 100 points on a timeline', () => {
    expect(parseTimeline('day', parse())).toBe('day')
    expect(() => parseTimeline('day', { start: '2026-01-01', end: '2026-11-20' })).toThrowError('324 points')
  })
})

describe('attribution is settled', () => {
  const plan = (timeZone: string, windowDays: number) => ({ account: { timeZone }, attribution: { windowDays } }) as Parameters<typeof settledThrough>[0]

  it('through the last day whose window has closed by the newest data', () => {
    // 5 × 24 h before 12:00 of the 20th is 12:00 of the 15th: that day is not over, the 14th is.
    expect(settledThrough(plan('UTC', 5), new Date('2026-11-20T12:00:00Z'), new Date('2026-11-20T13:00:00Z'))).toBe('2026-11-14')
    expect(settledThrough(plan('UTC', 5), new Date('2026-11-20T00:00:00Z'), new Date('2026-11-20T13:00:00Z'))).toBe('2026-11-14')
    expect(settledThrough(plan('UTC', 5), new Date('2026-11-19T23:59:59.999Z'), new Date('2026-11-20T13:00:00Z'))).toBe('2026-11-13')
  })

  it('never by data that claims to come from the future', () => {
    expect(settledThrough(plan('UTC', 5), new Date('2099-01-01T00:00:00Z'), new Date('2026-11-20T13:00:00Z'))).toBe('2026-11-14')
  })

  it('not at all without data', () => {
    expect(settledThrough(plan('UTC', 5), null, new Date())).toBeNull()
  })
})
