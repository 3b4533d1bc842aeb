import { expect, test } from 'vitest'
import { snippetOf } from './snippet.ts'

const filler = (words: number) => Array.from({ length: words }, (_, at) => `w${at}`).join(' ')

test('a short text is shown whole, on one line', () => {
  expect(snippetOf('- **At most** one\nemoji.\n', ['emoji'])).toBe('- **At most** one emoji.')
})

test('of a long text the words around the match, in any form, are shown', () => {
  const text = `${filler(500)} the discounted Größe ${filler(500)}`
  const shown = snippetOf(text, ['discounting', 'große'])
  expect(shown).toMatch(/^… .*the discounted Größe …$/)
  expect(shown.split(' ').length).toBeLessThanOrEqual(38)
})

test('the place with most of the words wins over the first with one', () => {
  expect(snippetOf(`tapir ${filler(100)} zebra tapir ${filler(100)}`, ['tapir', 'zebra'])).toContain('zebra tapir')
})

test('without a match it is the beginning; words without an end are clipped', () => {
  expect(snippetOf(filler(100), ['zebra'])).toBe(`${filler(36)} …`)
  expect(snippetOf('x'.repeat(200_000), ['zebra'])).toHaveLength(320)
  expect(snippetOf('', ['zebra'])).toBe('')
})
