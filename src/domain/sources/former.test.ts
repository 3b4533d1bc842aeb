import { expect, test } from 'vitest'
import { formerAfter, formerRules } from './former.ts'
import type { CampaignRule } from './type.ts'

const fixed = (key: string): readonly CampaignRule[] => [{ from: 'fixed', key }]
const day = 86_400_000
const at = (days: number) => new Date(Date.UTC(2026, 0, 1) + days * day)

test('rules of before are remembered for 90 days, oldest first, at most ten; the same rules again are no change', () => {
  let row: { former_rules: unknown } = { former_rules: [] }
  const change = (before: string, after: string, days: number) => {
    row = { former_rules: JSON.parse(JSON.stringify(formerAfter(row, fixed(before), fixed(after), at(days)))) }
  }
  change('a', 'a', 0)
  expect(formerRules(row, at(0))).toEqual([])
  // As jsonb gives them back.
  expect(formerAfter(row, [{ key: 'a', from: 'fixed' }], fixed('a'), at(0))).toEqual([])
  change('a', 'b', 1)
  change('b', 'c', 2)
  expect(formerRules(row, at(90))).toEqual([fixed('a'), fixed('b')])
  expect(formerRules(row, at(91))).toEqual([fixed('b')])
  expect(formerRules(row, at(92))).toEqual([])
  for (let index = 0; index < 12; index++) change(String(index), String(index + 1), 3)
  expect(formerRules(row, at(3))).toEqual(Array.from({ length: 10 }, (_, index) => fixed(String(index + 2))))
})
