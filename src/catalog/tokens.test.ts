/** Token counts are right where they decide, and cheap everywhere. */
import fc from 'fast-check'
import { countTokens as reference } from 'gpt-tokenizer/encoding/o200k_base'
import { expect, test } from 'vitest'
import { countTokens, measure } from './tokens.ts'

test('counts as the vocabulary does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 400 }), async (text) => {
      expect(await countTokens(text)).toBe(reference(text, { disallowedSpecial: new Set() }))
    }),
    { numRuns: 200 },
  )
})

test('never more tokens than bytes, so that size alone may say yes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
      expect(await countTokens(text)).toBeLessThanOrEqual(Buffer.byteLength(text.toWellFormed()))
    }),
    { numRuns: 300 },
  )
})

test('control tokens in text are plain text', async () => expect(await countTokens('<|endoftext|>')).toBeGreaterThan(1))

test.each([
  ['letters', 'a'],
  ['blanks', ' '],
  ['signs', '-'],
  ['ideographs', '漢'],
  ['digits', '7'],
  ['emoji', '😀'],
])('a megabyte of %s takes no minutes', async (_, unit) => {
  // Within the time a test has: counted whole, some of these would take minutes.
  expect(await countTokens(unit.repeat(500_000))).toBeGreaterThan(1000)
})

test('the longest form decides, near the budget exactly', async () => {
  const text = 'word '.repeat(1000)
  const tokens = await countTokens(text)
  expect(await measure([text, 'short'], tokens)).toEqual({ tokens, exact: true })
  expect(await measure(['short', text], tokens - 1)).toBeUndefined()
  expect(await measure(['x'.repeat(200)], 200)).toEqual({ tokens: 50, exact: false })
  expect(await measure(['x'.repeat(100_000)], 200)).toBeUndefined()
})

test('long runs are never counted short, and hardly too long', async () => {
  const unit = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
    fc.constantFrom('a', 'er', 'the', ' ', '-=', '漢字', '한국', 'ß', '\u0301', '=', 'ab', 'banana', '."', '\n', '\t'),
  )
  const run = fc.tuple(unit, fc.integer({ min: 1, max: 1500 })).map(([text, length]) => text.repeat(Math.ceil(length / text.length)))
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 3 }), async (runs) => {
      const text = runs.join(' ')
      const exact = reference(text, { disallowedSpecial: new Set() })
      const counted = await countTokens(text)
      expect(counted).toBeGreaterThanOrEqual(exact)
      expect(counted).toBeLessThanOrEqual(exact * 1.5 + 20)
    }),
    { numRuns: 300 },
  )
})
