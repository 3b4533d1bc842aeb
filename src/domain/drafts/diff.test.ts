import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diff } from './diff.ts'

test('fields by their paths, lists and rules as one value, nothing and null alike', () => {
  const rule = (value: string) => ({ all: [{ attribute: 'country', op: 'is', value }] })
  expect(
    diff(
      { name: 'A', startsAt: null, definition: { template: { subject: 'x', preheader: 'same' }, countries: ['DE'], predicate: rule('DE') } },
      { name: 'B', definition: { template: { subject: 'y', preheader: 'same' }, countries: ['DE', 'AT'], predicate: rule('AT'), controlShare: 0 } },
    ),
  ).toEqual([
    { path: 'definition.controlShare', before: null, after: '0' },
    { path: 'definition.countries', before: '["DE"]', after: '["DE","AT"]' },
    { path: 'definition.predicate', before: JSON.stringify(rule('DE')), after: JSON.stringify(rule('AT')) },
    { path: 'definition.template.subject', before: 'x', after: 'y' },
    { path: 'name', before: 'A', after: 'B' },
  ])
})

test('the same value differs in nothing, whatever the order of its members; long values and long lists of changes are bounded', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => diff(value, JSON.parse(JSON.stringify(value))).length === 0))
  expect(diff({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual([])
  expect(diff({ text: 'x'.repeat(5_000) }, {})[0]?.before).toHaveLength(2_000)
  expect(diff({}, Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, index])))).toHaveLength(200)
})
