import { expect, test } from 'vitest'
import { parseRetryAfter } from '../../core/outgoing.ts'
import { mostAttempts, nextAttempt } from './schedule.ts'

const now = new Date('2026-06-01T12:00:00Z')
const waits = (random: number) =>
  Array.from({ length: mostAttempts }, (_, index) => nextAttempt(index + 1, now, undefined, random)).map((at) => at && (at.getTime() - now.getTime()) / 1000)

test('ten attempts over about three days, and then no more', () => {
  expect(waits(0)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, null])
  expect(waits(1)).toEqual([6, 360, 2160, 8640, 21_600, 43_200, 60_480, 86_400, 103_680, null])
})

test('what a receiver asks for is a lower bound, and none puts a message off for longer than a day', () => {
  const after = (attempts: number, ms: number) => (nextAttempt(attempts, now, ms, 0)?.getTime() ?? Number.NaN) - now.getTime()
  expect(after(1, 60_000)).toBe(60_000)
  expect(after(2, 60_000)).toBe(300_000)
  expect(after(1, 1e12)).toBe(86_400_000)
  expect(nextAttempt(mostAttempts, now, 60_000, 0)).toBeNull()
})

test.each([
  [undefined, undefined],
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Mon, 01 Jun 2026 12:01:00 GMT', 60_000],
  ['Mon, 01 Jun 2026 11:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
])('Retry-After %j', (header, expected) => {
  expect(parseRetryAfter(header, now)).toBe(expected)
})
