/** How a body falls into lines: counted as its sender counts them. */
import { expect, test } from 'vitest'
import { linesOf } from './read.ts'

const lines = (text: string) => [...linesOf(Buffer.from(text))]

test('a break ends a line, whether or not the last one has it; what is empty in between is a line', () => {
  expect([lines('a\nb'), lines('a\nb\n'), lines('a\n\nb\r\n'), lines('\n'), lines('')]).toEqual([['a', 'b'], ['a', 'b'], ['a', '', 'b\r'], [''], []])
})

test('100,000 lines and the break after the last are 100,000 lines', () => {
  expect(lines('{}\n'.repeat(100_000))).toHaveLength(100_000)
})
