/** Events of triggers: parameters that nobody declared are of the type they are compared with; built-in events keep to their fields. */
import { describe, expect, test } from 'vitest'
import { type Condition, vocabularyOf } from '../predicates/index.ts'
import { eventNamed, firedBy, withEvent } from './events.ts'

const vocabulary = vocabularyOf([], ['deposit'])
const typesOf = (event: string, where: Condition[]) =>
  Object.fromEntries(eventNamed(withEvent(vocabulary, event, where), event)?.fields.map(({ name, type }) => [name, type]) ?? [])

describe('withEvent', () => {
  test('takes the type of a parameter from what it is compared with', () => {
    const where: Condition[] = [
      { field: 'amount', op: '>', value: '100' },
      { field: 'first', op: 'is', value: true },
      { field: 'due', op: '<', value: '2027-01-01' },
      { field: 'method', op: 'in', value: ['card', 'cash'] },
      { field: 'count', op: 'is', value: 3 },
      { field: 'mixed', op: '>', value: 1 },
      { field: 'mixed', op: 'contains', value: 'x' },
    ]
    expect(typesOf('Deposit', where)).toEqual({ webapp: 'text', amount: 'number', first: 'boolean', due: 'date', method: 'text', count: 'number', mixed: 'text' })
    expect(typesOf('not seen yet', [{ field: 'amount', op: '>=', value: 1 }])).toEqual({ amount: 'number' })
  })
  test('leaves built-in events as they are', () => {
    expect(withEvent(vocabulary, 'ORDERED', [{ field: 'colour', op: 'is', value: 'red' }])).toBe(vocabulary)
  })
})

test('firedBy leaves aside what is not kept, and knows nothing of an event that never came', () => {
  const where: Condition[] = [
    { field: 'webapp', op: 'is', value: 'shop' },
    { field: 'amount', op: '>', value: '100' },
  ]
  const audience = { attribute: 'country', op: 'is' as const, value: 'DE' }
  expect(firedBy(vocabulary, 'deposit', where, audience)).toEqual({ tree: { all: [{ did: 'deposit', where: [where[0]], within: { days: 30 } }, audience] }, aside: ['amount'] })
  expect(firedBy(vocabulary, 'withdrawal', where, audience)).toBeUndefined()
})
