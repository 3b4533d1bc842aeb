/** English sentences mean the trees that the fixtures say, or name what is not understood; and all that explain() writes is read back. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { declared, tree as anyTree } from '../../../../test/fixtures/arbitrary-trees.ts'
import { type EnglishContext, explain, groupOf, mostEnglish, type Predicate, parseEnglish, predicateSchema, understand, vocabularyOf } from '../index.ts'

const root = new URL('../../../../', import.meta.url)
const fixtures = (name: string) => parse(readFileSync(new URL(`test/fixtures/english/${name}.yaml`, root), 'utf8'))

const context: EnglishContext = {
  vocabulary: vocabularyOf(
    [...declared, { name: 'birthday', type: 'date' }, { name: 'loyalty_tier', type: 'text', title: 'Loyalty tier' }, { name: 'store', type: 'text', title: 'Favourite store' }],
    ['upload', 'checkout', 'add_to_cart'],
  ),
  today: '2026-05-20',
  currency: 'EUR',
  names: [
    { field: 'campaign', name: 'Summer sale', key: 'summer-sale-2026' },
    { field: 'campaign', name: 'Spring sale', key: 'spring-sale' },
    { field: 'campaign', name: 'Welcome', key: 'welcome-de' },
    { field: 'campaign', name: 'Welcome', key: 'welcome-fr' },
    { field: 'flow', name: 'Welcome series', key: 'welcome-series' },
    { field: 'brand', name: 'Acme', key: 'acme' },
    { field: 'folder', name: 'Promotions', key: 'promotions' },
    { field: 'tag', name: 'vip-offer', key: 'vip-offer' },
  ],
}

interface Sentence {
  readonly text: string
  readonly tree: Predicate
}

describe('sentences', () => {
  test.each(['attributes', 'behaviours', 'groups'])('%s: every sentence means its tree', (name) => {
    const sentences = fixtures(name) as Sentence[]
    expect(sentences.length).toBeGreaterThan(30)
    for (const { text, tree } of sentences) {
      const found = parseEnglish(text, context)
      expect({ text, not: found.notUnderstood, tree: found.tree }).toEqual({ text, not: [], tree })
      // The fixture itself is a tree as the house writes it.
      expect(understand(predicateSchema.parse(tree), context.vocabulary)).toEqual(tree)
    }
  })

  test('what is ambiguous, unknown or half understood is named, with its place, and gives no tree', () => {
    const sentences = fixtures('refused') as { text: string; parts: string[]; hint?: string }[]
    expect(sentences.length).toBeGreaterThan(40)
    for (const { text, parts, hint } of sentences) {
      const { tree, notUnderstood } = parseEnglish(text, context)
      expect({ text, tree, parts: notUnderstood.map((part) => part.text) }).toEqual({ text, tree: null, parts })
      for (const part of notUnderstood) expect(text.slice(part.from, part.to)).toBe(part.text)
      if (hint) expect(notUnderstood[0]?.hint).toContain(hint)
    }
  })
})
