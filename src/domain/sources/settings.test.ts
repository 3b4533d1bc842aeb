/** What may be set of a source: names, forms, what Mercat makes itself, and rules for campaigns. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { assertFreeName, parseRules, parseSettings } from './settings.ts'
import type { SourceType } from './type.ts'

const type: SourceType = {
  type: 'example',
  title: 'Example',
  summary: '',
  connection: 'webhook',
  campaigns: [{ from: 'provider' }],
  settings: z.object({
    key: z.string().min(10).max(20).meta({ title: 'Key', description: '' }),
    id: z.string().regex(/^\d+$/, 'is made of digits').optional().meta({ title: 'Id', description: '' }),
    plain: z.string().regex(/^x/).optional().meta({ title: 'Plain', description: '' }),
    password: z.string().min(16).meta({ title: 'Password', description: '', secret: true, generated: true }),
  }),
  steps: () => [],
}

test('settings that are given replace those of before, empty ones are taken away, and what Mercat makes is made once', () => {
  const first = parseSettings(type, {}, { key: ' 0123456789 ', id: '7' })
  expect(first).toEqual({ key: '0123456789', id: '7', password: expect.stringMatching(/^[\w-]{24}$/) })
  expect(parseSettings(type, first, { id: '' })).toEqual({ key: '0123456789', password: first.password })
})

test.each([
  [{ key: 'short' }, 'Key is too short: copy the whole of it'],
  [{ key: 'x'.repeat(21) }, 'Key is too long: something else may have come along'],
  [{ id: 'seven' }, 'Id is made of digits'],
  [{ plain: 'abc' }, 'Plain does not look like one: copy it once more'],
  [{ nonsense: '1' }, 'Example has no setting nonsense'],
  [{ toString: '1' }, 'Example has no setting toString'],
])('%o is refused in words, without the value', (given, message) => {
  expect(() => parseSettings(type, {}, given as Record<string, string>)).toThrow(expect.objectContaining({ code: 'invalid_arguments', message }))
})

test('rules are a list of known forms, and only for sources that bring events of messages', () => {
  const rules = [{ from: 'metadata', name: 'c' }, { from: 'tag', prefix: 'c:' }, { from: 'provider' }, { from: 'fixed', key: 'k' }]
  expect(parseRules(type, rules)).toEqual(rules)
  for (const wrong of [[], [{ from: 'subject' }], [{ from: 'metadata' }], [{ from: 'fixed', key: ' ' }], 'tag']) expect(() => parseRules(type, wrong)).toThrow('campaignRules')
  const { campaigns: _, ...orders } = type
  expect(() => parseRules(orders, rules)).toThrow('brings no events of messages')
})

test('a name is free when no other source has it, whatever the case, and Mercat itself does not go by it', () => {
  const others = [{ name: 'Mails' }]
  expect(() => assertFreeName('Mails 2', others)).not.toThrow()
  for (const name of ['mAILS', 'Import', 'demo', 'settings']) expect(() => assertFreeName(name, others)).toThrow(expect.objectContaining({ code: 'conflict' }))
})
