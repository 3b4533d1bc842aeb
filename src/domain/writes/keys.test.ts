/** Keys of what is made here. */
import { expect, test } from 'vitest'
import { slugOf } from './keys.ts'

test.each([
  ['organization', 'Alpen Verein e.V.', [], 'alpen-verein-e-v'],
  ['campaign', 'Süße Grüße', ['susse-grusse', 'susse-grusse-2'], 'susse-grusse-3'],
  ['campaign', 'Весна', [], 'campaign-1'],
  ['campaign', '夏祭り', ['campaign-1', 'campaign-2'], 'campaign-3'],
  ['target_group', '!!!', [], 'target-group-1'],
  ['campaign', 'Весна 2026', [], 'campaign-2026'],
  ['campaign', 'Осень 2026', ['campaign-2026'], 'campaign-2026-2'],
])('a %s called %s, where %j are taken, gets a key that people can read', (type, name, taken, key) => {
  expect(slugOf(type, name, taken)).toBe(key)
})
