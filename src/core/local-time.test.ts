/** Times of a zone's clock: what daylight saving skips, and what it shows twice. */
import { describe, expect, test } from 'vitest'
import { localTimeOf, parseLocalTime } from './local-time.ts'
import type { MercatError } from './errors.ts'

const refusal = (text: string, zone = 'Europe/Berlin'): MercatError => {
  try {
    parseLocalTime(text, zone, 'sendAt')
  } catch (error) {
    return error as MercatError
  }
  throw new Error(`${text} was taken`)
}

describe('parseLocalTime', () => {
  test('is the instant of the zone, with its offset', () => {
    expect(parseLocalTime('2026-12-01T09:00', 'Europe/Berlin', 'sendAt')).toEqual({ at: new Date('2026-12-01T08:00:00Z'), iso: '2026-12-01T09:00:00+01:00', twice: false })
    expect(parseLocalTime('2026-07-01T09:00', 'Europe/Berlin', 'sendAt').iso).toBe('2026-07-01T09:00:00+02:00')
  })
  test('a time that clocks skip is refused with the one after it', () => {
    expect(refusal('2027-03-28T02:30')).toMatchObject({
      message: 'sendAt 2027-03-28T02:30 does not exist in Europe/Berlin: clocks are set forward and skip it',
      details: { argument: 'sendAt', hint: 'Send a time that there is, such as 2027-03-28T03:30.' },
    })
  })
  test('of a time that is shown twice the first is meant, and it is said', () => {
    expect(parseLocalTime('2026-10-25T02:30', 'Europe/Berlin', 'sendAt')).toEqual({ at: new Date('2026-10-25T00:30:00Z'), iso: '2026-10-25T02:30:00+02:00', twice: true })
  })
  test('what is no time says what to send', () => {
    for (const text of ['tomorrow', '2026-02-30T09:00', '2026-12-01', '2026-12-01T25:00', '2026-12-01T09:00Z', '1026-12-01T09:00'])
      expect(refusal(text).details.hint, text).toMatch(/yyyy-MM-ddTHH:mm/)
  })
})

test('localTimeOf reads back', () => {
  expect(localTimeOf(new Date('2026-12-01T08:00:00Z'), 'Europe/Berlin')).toBe('2026-12-01 09:00')
})
