/** What people wrote into names and tools cannot act on the terminal that shows it. */
import { expect, test } from 'vitest'
import { table } from './table.ts'

test('a cell moves no cursor, begins no line and adds no column', () => {
  const shown = table(['name'], [['\u001b]0;pwned\u0007\u001b[31mEve\n| forged | row |\u202e']])
  expect(shown.split('\n')).toHaveLength(3)
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(shown.split('\n')[2]?.match(/(?<!\\)\|/g)).toHaveLength(2)
})
