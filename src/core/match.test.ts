import { describe, expect, it } from 'vitest'
import type { MercatError } from './errors.ts'
import { label, nearNames, pick } from './match.ts'

const brands = [
  { id: 'brd_1', key: 'acme', name: 'Acme' },
  { id: 'brd_2', key: 'bolt', name: 'Bolt' },
  { id: 'brd_3', key: 'b3', name: 'BOLT' },
]
const kind = { one: 'brand', many: 'brands' }
const ids = (wanted: string[]) => pick(wanted, brands, 'brands', kind).map(({ id }) => id)

describe('a filter value', () => {
  it('is an id, a key or a name', () => {
    expect(ids(['brd_1'])).toEqual(['brd_1'])
    expect(ids(['acme', 'Acme', ' ACME '])).toEqual(['brd_1'])
  })

  it('means the exact one before another case, and all that are equally near', () => {
    expect(ids(['Bolt'])).toEqual(['brd_2'])
    expect(ids(['bOLT'])).toEqual(['brd_2', 'brd_3'])
  })

  it('that names nothing is refused with the nearest and the allowed values', () => {
    const refusal = (wanted: string[], choices = brands) => {
      try {
        pick(wanted, choices, 'brands', kind)
      } catch (error) {
        return error as MercatError
      }
      throw new Error('was accepted')
    }
    expect(refusal(['Acme', 'Acne'])).toMatchObject({
      code: 'unknown_value',
      details: { argument: 'brands[1]', value: 'Acne', nearest: ['Acme'], allowed: ['Acme', 'BOLT', 'Bolt'] },
    })
    expect(refusal(['x'], []).details.hint).toBe('There are no brands here that you can see; leave brands out.')
    const many = Array.from({ length: 50 }, (_, index) => ({ id: `i${index}`, key: `k${index}`, name: `Brand ${index}` }))
    expect(refusal(['Brnd 7'], many).details).toMatchObject({ nearest: ['Brand 7', 'Brand 0', 'Brand 1'], hint: 'There are 50 brands; send the exact name or id of one.' })
    expect(refusal(['y'.repeat(1_000_000)]).message.length).toBeLessThan(100)
    expect(refusal(['']).code).toBe('unknown_value')
  })
})

it('finds a name by one of its words', () => {
  expect(nearNames('sprng', ['Spring sale 2026', 'Autumn'])).toEqual(['Spring sale 2026'])
})

it('labels keep to one line and mark a cut', () => {
  expect(label('a\nb\u202Ec')).toBe('a b c')
  expect(label('x'.repeat(200))).toBe(`${'x'.repeat(79)}…`)
})
