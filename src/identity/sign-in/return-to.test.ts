import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interactionOf, safeReturnTo } from './return-to.ts'

const origin = 'https://mercat.example'

describe('return_to stays here', () => {
  test.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '@evil.example',
    '.evil.example',
    ' //evil.example',
    '/ /evil.example',
    '/\u00a0/evil.example',
    '/a\u0000',
    '',
    `/${'a'.repeat(3000)}`,
  ])('%j leads to the start page', (given) => {
    expect(safeReturnTo(given)).toBe('/')
  })

  test.each(['/', '/a/acme/members', '/security?x=1#passkeys', '/interaction/Ab-_9', '/invitation?token=x', '/%2F%2Fevil.example', '/a//b'])('%j is kept', (given) => {
    expect(safeReturnTo(given)).toBe(given)
  })

  test('whatever is given, a browser that follows the answer stays on this origin', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '//',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      ':',
      '@',
      '?',
      '#',
      '\t',
      '\n',
      '\r',
      ' ',
      '\u00a0',
      'evil.example',
      'https:',
      'javascript:',
      '[',
      ']',
      'ä',
    )
    const url = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 12 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(url, fc.constantFrom('', '/'), (text, start) => {
        const once = safeReturnTo(start + text)
        expect(once).toMatch(/^\/(?![/\\])/)
        expect(new URL(once, `${origin}/sign-in?return_to=x`).origin).toBe(origin)
        // Followed again from where it led, as a page that passes it on would do.
        expect(safeReturnTo(once)).toBe(once)
        expect(new URL(new URL(once, origin).pathname, origin).origin).toBe(origin)
      }),
      { numRuns: 3000 },
    )
  })
})

test('only the path of an app’s request names one', () => {
  expect(interactionOf('/interaction/abc-_1')).toBe('abc-_1')
  for (const path of ['/interaction/', '/interaction/a/b', '/interaction/a?x=1', '/x/interaction/a', '/']) expect(interactionOf(path)).toBeUndefined()
})
