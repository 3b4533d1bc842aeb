import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultTokenScopes, memberScopes, requiredScopes, roleTable, scopeTable, tokenScopes } from './access.ts'
import { describeError, MercatError } from './errors.ts'
import { derivedId, newId } from './ids.ts'
import { addDecimals, compareDecimals, divideDecimals, isDecimal, normalDecimal, subtractDecimals } from './money.ts'
import { decodeCursor, encodeCursor } from './page.ts'
import { clip, inline, nearest } from './text.ts'

const micros = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
const asDecimal = (value: bigint) => {
  const digits = (value < 0n ? -value : value).toString().padStart(7, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

describe('money', () => {
  it('adds exactly, whatever the order', () => {
    expect(addDecimals(['0.1', '0.2'])).toBe('0.3')
    fc.assert(
      fc.property(fc.array(micros), (list) => {
        const exact = normalDecimal(asDecimal(list.reduce((sum, value) => sum + value, 0n)))
        expect(addDecimals(list.map(asDecimal))).toBe(exact)
        expect(addDecimals(list.map(asDecimal).reverse())).toBe(exact)
        expect(compareDecimals(subtractDecimals(exact, exact), '0')).toBe(0)
      }),
    )
  })

  it('takes at most 20 digits and 6 places, and no exponents', () => {
    expect(['1', '-0.5', '10305892.024', '0.000001'].every(isDecimal)).toBe(true)
    expect(['1e5', '.5', '1.', '1,5', '0.0000001', 'NaN', '', '--1', `${'9'.repeat(21)}`].some(isDecimal)).toBe(false)
  })

  it('has no quotient by zero', () => {
    expect(divideDecimals('1', 0)).toBeNull()
    expect(divideDecimals('10', '4')).toBe('2.5')
    expect(normalDecimal('12.500000')).toBe('12.5')
  })
})

describe('cursors', () => {
  it('come back with their position for the same question only', () => {
    const cursor = encodeCursor(20, { a: 1 }, 'snapshot')
    expect(decodeCursor(cursor, { a: 1 })).toEqual({ position: 20, asOf: 'snapshot' })
    expect(() => decodeCursor(cursor, { a: 2 })).toThrowError('does not belong')
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(), fc.string({ unit: 'grapheme', maxLength: 20 })),
        fc.option(fc.string({ unit: 'grapheme', maxLength: 10 }), { nil: undefined }),
        (position, asOf) => {
          expect(decodeCursor(encodeCursor(position, {}, asOf), {})).toEqual({ position, asOf })
        },
      ),
    )
  })

  it('refuse anything else without a crash', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          expect(() => decodeCursor(text, {})).toThrowError(MercatError)
        },
      ),
    )
  })
})

describe('text', () => {
  it('marks a clip and never cuts a surrogate pair', () => {
    expect(clip('short', 10)).toBe('short')
    expect(clip('😀😀😀😀', 3)).toBe('😀😀…')
  })

  it('makes user text one inert line', () => {
    expect(inline('a|b\n`c`\u202Ed<i>')).toBe('a\\|b \\`c\\` d\\<i\\>')
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\n\r\p{Cc}\p{Cf}]/u.test(inline(text))))
  })

  it('finds near names and keeps quiet when nothing is near', () => {
    expect(nearest('emial', ['Email', 'SMS', 'WebPush'])).toEqual(['Email'])
    expect(nearest('carrier pigeon', ['Email', 'SMS'])).toEqual([])
  })
})

describe('ids', () => {
  it('are prefixed, unlike each other, and derived ones always the same', () => {
    expect(newId('campaign')).toMatch(/^cmp_[0-9a-hjkmnp-tv-z]{16}$/)
    expect(newId('campaign')).not.toBe(newId('campaign'))
    expect(derivedId('campaign', 'acc', 'k')).toBe(derivedId('campaign', 'acc', 'k'))
    expect(derivedId('campaign', 'a', 'bc')).not.toBe(derivedId('campaign', 'ab', 'c'))
  })
})

describe('access', () => {
  it('never lets a token carry a dashboard-only scope', () => {
    expect(tokenScopes.some((scope) => scopeTable[scope].dashboardOnly)).toBe(false)
    expect(defaultTokenScopes.every((scope) => scope.startsWith('read:'))).toBe(true)
  })

  it('asks for both layers', () => {
    expect(requiredScopes('read', 'read:reports')).toEqual(['read:mcp', 'read:reports'])
    expect(requiredScopes('draft', 'create:campaigns')).toEqual(['read:mcp', 'write:mcp', 'create:campaigns'])
    expect(requiredScopes('read', undefined)).toEqual(['read:mcp'])
  })

  it('gives roles what product.md says', () => {
    expect(memberScopes('read_only', [], []).has('read:mcp')).toBe(false)
    expect(memberScopes('customer_support', ['read:mcp'], []).has('read:mcp')).toBe(true)
    expect(memberScopes('analyst', [], []).has('read:billing')).toBe(false)
    expect(memberScopes('analyst', [], []).has('write:mcp')).toBe(false)
    expect(memberScopes('marketer', [], ['approve:drafts']).has('approve:drafts')).toBe(false)
    expect(memberScopes('owner', ['no:such'], [])).toEqual(new Set(roleTable.owner.scopes))
  })
})

it('describes an error with what to do next', () => {
  const error = new MercatError('unknown_value', 'Unknown channel "emial"', { nearest: ['Email'], allowed: ['Email', 'SMS'], hint: 'Send one of the allowed names.' })
  expect(describeError(error)).toBe('Unknown channel "emial". Nearest: Email. Allowed: Email, SMS. Send one of the allowed names.')
  expect(describeError(new MercatError('invalid_arguments', 'campaignId is not a field here: did you mean campaignIds?'))).toBe(
    'campaignId is not a field here: did you mean campaignIds?',
  )
})
