import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MercatError } from './errors.ts'
import { addDays, dayOf, isTimeZone, lengthOf, parseDay, previousPeriod, previousYear, startOfDay, unitsOf } from './period.ts'

const days = fc.integer({ min: 0, max: 20_000 }).map((n) => addDays('2001-01-01', n))
const zones = fc.constantFrom('Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Apia', 'Australia/Lord_Howe', 'Africa/Cairo', 'UTC')

describe('parseDay', () => {
  it.each([
    ['2026-02-30', 'That day is not in the calendar.'],
    ['2026-3-1', 'Send a date as yyyy-MM-dd, for example 2026-03-31.'],
    ['9999-01-01', 'Send a year between 2000 and 2100.'],
    ['2026-03-31T00:00:00Z', 'Send a date as yyyy-MM-dd, for example 2026-03-31.'],
    ['', 'Send a date as yyyy-MM-dd, for example 2026-03-31.'],
  ])('refuses %j and says what to send', (text, hint) => {
    expect(() => parseDay(text, 'startDate')).toThrowError(MercatError)
    try {
      parseDay(text, 'startDate')
    } catch (error) {
      expect((error as MercatError).details).toMatchObject({ argument: 'startDate', hint })
    }
  })

  it('clips a hostile value before repeating it', () => {
    try {
      parseDay('x'.repeat(1_000_000), 'endDate')
      expect.unreachable()
    } catch (error) {
      expect((error as MercatError).message.length).toBeLessThan(100)
    }
  })

  it('takes 29 February in leap years only', () => {
    expect(parseDay('2024-02-29', 'd')).toBe('2024-02-29')
    expect(() => parseDay('2025-02-29', 'd')).toThrowError()
  })
})

describe('days of a zone', () => {
  it('begins a day after the skipped midnight where daylight saving starts at midnight', () => {
    expect(startOfDay('2018-11-04', 'America/Sao_Paulo').toISOString()).toBe('2018-11-04T03:00:00.000Z')
  })

  it('knows that Apia had no 30 December 2011', () => {
    expect(dayOf(new Date('2011-12-30T09:59:59Z'), 'Pacific/Apia')).toBe('2011-12-29')
    expect(dayOf(new Date('2011-12-30T10:00:00Z'), 'Pacific/Apia')).toBe('2011-12-31')
  })

  it('puts the instant before a day’s start into the day before', () => {
    fc.assert(
      fc.property(days, zones, (day, zone) => {
        const start = startOfDay(day, zone)
        expect(dayOf(start, zone) >= day).toBe(true)
        expect(dayOf(new Date(start.getTime() - 1), zone) < day).toBe(true)
      }),
    )
  })
})

describe('periods', () => {
  it('compares with a period of equal length that ends the day before', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 800 }), (start, n) => {
        const period = { start, end: addDays(start, n) }
        const before = previousPeriod(period)
        expect(lengthOf(before)).toBe(lengthOf(period))
        expect(addDays(before.end, 1)).toBe(period.start)
      }),
    )
  })

  it('compares 29 February with 28 February a year earlier', () => {
    expect(previousYear({ start: '2024-02-29', end: '2024-02-29' })).toEqual({ start: '2023-02-28', end: '2023-02-28' })
  })

  it('names each unit that touches the period once, weeks from Monday', () => {
    expect(unitsOf({ start: '2026-01-01', end: '2026-01-12' }, 'week')).toEqual(['2025-12-29', '2026-01-05', '2026-01-12'])
    expect(unitsOf({ start: '2026-01-31', end: '2026-03-01' }, 'month')).toEqual(['2026-01-01', '2026-02-01', '2026-03-01'])
    expect(unitsOf({ start: '2026-03-28', end: '2026-03-30' }, 'day')).toEqual(['2026-03-28', '2026-03-29', '2026-03-30'])
  })
})

it('tells IANA zones from offsets and nonsense', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true)
  expect(isTimeZone('+02:00')).toBe(false)
  expect(isTimeZone('Mars/Base')).toBe(false)
})
