/** What a demo lacks, given what it has; and the calendar of its campaigns. */
import { describe, expect, test } from 'vitest'
import { campaignsBetween } from './campaigns.ts'
import { gapsOf, labelOf } from './state.ts'

describe('gaps', () => {
  test('a new demo is made in pieces', () => {
    expect(gapsOf([], 10, '2026-11-20', 4)).toEqual([
      { from: 0, to: 4, since: null },
      { from: 4, to: 8, since: null },
      { from: 8, to: 10, since: null },
    ])
  })

  test('a broken seeding goes on behind its last whole piece', () => {
    expect(gapsOf([{ from: 0, to: 4, until: '2026-11-20' }], 8, '2026-11-20', 4)).toEqual([{ from: 4, to: 8, since: null }])
  })

  test('a later day tops all people up in one piece, however the demo was made', () => {
    const slices = [
      { from: 0, to: 4, until: '2026-11-18' },
      { from: 4, to: 8, until: '2026-11-18' },
    ]
    expect(gapsOf(slices, 8, '2026-11-20', 4)).toEqual([{ from: 0, to: 8, since: '2026-11-18' }])
  })

  test('more people on a later day: the old ones topped up, the new ones from the start', () => {
    expect(gapsOf([{ from: 0, to: 4, until: '2026-11-18' }], 8, '2026-11-20', 4)).toEqual([
      { from: 0, to: 4, since: '2026-11-18' },
      { from: 4, to: 8, since: null },
    ])
  })

  test('nothing is missing, also when the clock went back', () => {
    const slices = [{ from: 0, to: 8, until: '2026-11-20' }]
    expect(gapsOf(slices, 8, '2026-11-20', 4)).toEqual([])
    expect(gapsOf(slices, 8, '2026-11-01', 4)).toEqual([])
  })

  test('labels say it all', () => {
    expect(labelOf({ first: '2025-05-01', people: 8 }, { from: 0, to: 4, until: '2026-11-20' })).toBe('demo 2025-05-01..2026-11-20 people 0..4 of 8')
  })
})

test('a campaign of a day does not depend on the days asked for after it', () => {
  const [short, long] = ['2026-03-01', '2026-11-20'].map((end) => campaignsBetween('2025-05-01', end, 'Europe/Berlin'))
  expect(long?.slice(0, short?.length)).toEqual(short)
  expect(new Set(long?.map(({ key }) => key)).size).toBe(long?.length)
})

test('mailings go out at the hour of the wall clock on both sides of a change of clocks', () => {
  const hours = campaignsBetween('2026-03-20', '2026-04-10', 'Europe/Berlin').flatMap(({ mailing, key }) =>
    mailing && key.includes('fjell-fjord') && key.includes('newsletter') ? [mailing.at] : [],
  )
  const local = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: 'Europe/Berlin' })
  expect(hours.map((at) => local.format(at))).toEqual(['10', '10', '10'])
  expect(new Set(hours.map((at) => at.getUTCHours())).size).toBe(2)
})
