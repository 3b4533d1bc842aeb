/** What a demo lacks, given what it has; the calendar of its campaigns and gifts; and its bills, day by day. */
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { addDecimals } from '../../core/money.ts'
import { addDays } from '../../core/period.ts'
import type { EntityRow } from '../../domain/entities/index.ts'
import { billRows } from './bills.ts'
import { campaignsBetween } from './campaigns.ts'
import { organizationKeys } from './organizations.ts'
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

describe('gifts', () => {
  const gifts = campaignsBetween('2025-05-01', '2028-05-01', 'Europe/Berlin').filter(({ gift }) => gift)

  test('every organization gives something away at least every 75 days, in two to four countries that differ from the time before', () => {
    for (const organization of organizationKeys) {
      const own = gifts.filter((campaign) => campaign.organization === organization)
      expect(own.length, organization).toBeGreaterThanOrEqual(17)
      for (const [index, { gift, mailing }] of own.entries()) {
        expect(gift?.countries.length).toBeGreaterThanOrEqual(2)
        expect(gift?.countries.length).toBeLessThanOrEqual(4)
        const [before] = own.slice(Math.max(0, index - 1), index)
        if (!before?.mailing || !mailing) continue
        expect(before.gift?.countries).not.toEqual(gift?.countries)
        expect((mailing.at.getTime() - before.mailing.at.getTime()) / 86_400_000).toBeLessThan(75)
      }
    }
  })

  test('each asks for the newsletter or tells of the donation, and nothing but the terms must be agreed to', () => {
    for (const { gift, key } of gifts) {
      const names = gift?.optIns.map(({ name }) => name) ?? []
      expect(names.includes('newsletter') || names.includes('donor_letter'), key).toBe(true)
      for (const { name, required, share } of gift?.optIns ?? []) {
        expect(required).toBe(name === 'terms')
        if (!required) expect(share).toBeLessThan(0.72)
      }
    }
  })
})

describe('bills', () => {
  interface Bill {
    readonly status: string
    readonly currency: string
    readonly total: string
    readonly lines: readonly { readonly amount: string }[]
  }
  const on = (today: string) => billRows('2025-05-01', Temporal.PlainDate.from(today), 'EUR')
  const invoices = (rows: readonly EntityRow[]) => rows.filter(({ type }) => type === 'invoice').map(({ key, definition }) => ({ key, ...(definition as unknown as Bill) }))

  test('on every day of two years some are open, overdue, paid and cancelled; one that was there stays, and its status goes only forward', () => {
    const next: Record<string, readonly string[]> = { open: ['open', 'overdue', 'paid', 'cancelled'], overdue: ['overdue', 'paid'], paid: ['paid'], cancelled: ['cancelled'] }
    const faults: string[] = []
    let before = invoices(on('2026-06-30'))
    for (let day = '2026-07-01'; day < '2028-07-01'; day = addDays(day, 1)) {
      const now = new Map(invoices(on(day)).map((bill) => [bill.key, bill]))
      const statuses = new Set([...now.values()].map(({ status }) => status))
      for (const status of Object.keys(next)) if (!statuses.has(status)) faults.push(`${day}: none is ${status}`)
      for (const bill of before) {
        const later = now.get(bill.key)
        if (!later || JSON.stringify({ ...later, status: '' }) !== JSON.stringify({ ...bill, status: '' })) faults.push(`${day}: ${bill.key} is another`)
        else if (!next[bill.status]?.includes(later.status)) faults.push(`${day}: ${bill.key} was ${bill.status}, is ${later.status}`)
      }
      before = [...now.values()]
    }
    expect(before.length).toBeGreaterThan(100)
    expect(faults).toEqual([])
  })

  test('totals are the sums of the lines, and the foundation is billed in two currencies whatever the account has', () => {
    for (const { key, lines, total } of invoices(on('2026-11-20'))) expect(addDecimals([...lines.map(({ amount }) => amount), `-${total}`]), key).toBe('0')
    for (const home of ['EUR', 'CHF', 'USD']) {
      const own = billRows('2025-05-01', Temporal.PlainDate.from('2026-11-20'), home).filter(({ organization }) => organization === 'lichtblick')
      expect(new Set(invoices(own).map(({ currency }) => currency)), home).toEqual(new Set(['CHF', 'EUR']))
    }
  })
})
