/** English sentences mean the trees that the fixtures say, or name what is not understood; and all that explain() writes is read back. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { declared, tree as anyTree } from '../../../../test/fixtures/arbitrary-trees.ts'
import {
  type Condition,
  type EnglishContext,
  explain,
  groupOf,
  mostEnglish,
  type Predicate,
  parseEnglish,
  parseTrigger,
  predicateSchema,
  understand,
  vocabularyOf,
} from '../index.ts'

const textOf = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8')
const fixtures = (name: string): unknown => parse(textOf(`test/fixtures/english/${name}.yaml`))

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

describe('sentences', () => {
  test.each(['attributes', 'behaviours', 'groups'])('of %s mean their trees', (name) => {
    const sentences = fixtures(name) as { text: string; tree: Predicate }[]
    expect(sentences.length).toBeGreaterThan(30)
    for (const { text, tree } of sentences) {
      const found = parseEnglish(text, context)
      expect({ text, not: found.notUnderstood, tree: found.tree }).toEqual({ text, not: [], tree })
      // A fixture is itself a tree as the house keeps it.
      expect(understand(predicateSchema.parse(tree), context.vocabulary)).toEqual(tree)
    }
  })

  test('that are ambiguous, unknown or half understood give no tree, and the part is named with its place', () => {
    const sentences = fixtures('refused') as { text: string; parts: string[]; hint?: string }[]
    expect(sentences.length).toBeGreaterThan(40)
    for (const { text, parts, hint } of sentences) {
      const { tree, notUnderstood } = parseEnglish(text, context)
      expect({ text, tree, parts: notUnderstood.map((part) => part.text) }).toEqual({ text, tree: null, parts })
      for (const part of notUnderstood) expect(text.slice(part.from, part.to)).toBe(part.text)
      if (hint) expect(notUnderstood[0]?.hint).toContain(hint)
    }
  })

  test('say what each phrase became, with its path', () => {
    const text = 'German customers who haven’t ordered in 90 days but opened an email of the campaign "Summer sale"'
    const { tree, phrases } = parseEnglish(text, context)
    expect(phrases).toEqual([
      { text: 'German', from: 0, to: 6, path: 'all[0]', means: 'whose country is "DE"' },
      { text: 'haven’t ordered in 90 days', from: 21, to: 47, path: 'all[1]', means: 'who did not place any order in the last 90 days' },
      {
        text: 'opened an email of the campaign "Summer sale"',
        from: 52,
        to: 97,
        path: 'all[2]',
        means: 'who opened at least 1 message where channel is "Email" and campaign is "Summer sale"',
      },
    ])
    expect(tree).toHaveProperty('all')
    // What was understood is told of half a sentence too, without paths, for there is no tree.
    const half = parseEnglish('customers in Germany who like cats', context)
    expect(half.phrases).toEqual([{ text: 'in Germany', from: 10, to: 20, path: '', means: 'whose country is "DE"' }])
  })

  test('keep names as keys, ask which of two is meant, and take anything quoted where no names are given', () => {
    const of = (text: string, given = context) => parseEnglish(text, given).tree
    const opened = (value: string) => ({ did: 'opened', where: [{ field: 'campaign', op: 'is', value }] })
    expect(of('who opened the campaign "summer-sale-2026"')).toEqual(opened('summer-sale-2026'))
    expect(of('who opened the campaign "Welcome"')).toBeNull()
    const { names: _, ...nameless } = context
    expect(of('who opened the campaign "Anything"', nameless)).toEqual(opened('Anything'))
  })

  test('with amounts in the currency of the account alone, whatever it is', () => {
    const spent = (text: string, currency: string) => parseEnglish(`who spent more than ${text}`, { ...context, currency }).tree
    const more = { attribute: 'total_spent', op: '>', value: '500' }
    expect(['$500', '500 USD', '500 dollars'].map((text) => spent(text, 'USD'))).toEqual([more, more, more])
    expect(['500 CHF', 'CHF 500', '500 francs'].map((text) => spent(text, 'CHF'))).toEqual([more, more, more])
    expect(['€500', '500 £', 'EUR 500', '500 yen'].map((text) => spent(text, 'USD'))).toEqual([null, null, null, null])
  })
})

/** A group of one says what its member says. */
function plain(tree: Predicate): Predicate {
  const inner = groupOf(tree)
  if (!inner) return tree
  const members = inner.members.map(plain)
  const [only] = members
  return inner.group !== 'none' && members.length === 1 && only ? only : ({ [inner.group]: members } as unknown as Predicate)
}

describe('what explain() writes', () => {
  test('is read back as the same tree, for random trees', () => {
    const vocabulary = vocabularyOf(declared, ['visit', 'upload'])
    const said = { vocabulary, today: '2026-05-20', currency: 'EUR' }
    fc.assert(
      fc.property(anyTree, (random) => {
        const tree = understand(predicateSchema.parse(random), vocabulary)
        const { text } = explain(tree)
        const back = parseEnglish(text, said)
        expect({ text, not: back.notUnderstood, tree: back.tree }).toEqual({ text, not: [], tree: plain(tree) })
        expect(explain(back.tree as Predicate).text).toBe(text)
      }),
      { numRuns: 150 },
    )
  })

  test('is read back with names, quotes, line ends and numbers that look like thousands', () => {
    const trees: Predicate[] = [
      { did: 'opened', where: [{ field: 'campaign', op: 'in', value: ['summer-sale-2026', 'spring-sale'] }] },
      { attribute: 'color', op: 'in', value: ['a "red" one', 'two\nlines \\ or', 'and who opened', '‮x', '1.125'] },
      { attribute: 'total_spent', op: 'between', value: ['1.125', '999.999'] },
      { did: 'ordered', total: { op: '>', value: '1.125' } },
      { all: [{ attribute: 'vip', op: 'is', value: true }, { any: [{ all: [{ did: 'visit' }, { didNot: 'ordered' }] }] }] },
    ]
    const shown = new Map(context.names?.map(({ key, name }) => [key, name]))
    for (const tree of trees) expect(parseEnglish(explain(tree, shown).text, context).tree).toEqual(plain(tree))
  })
})

describe('triggers', () => {
  interface Trigger {
    readonly text: string
    readonly event?: string
    readonly where?: Condition[]
    readonly audience?: Predicate
    readonly windowHours?: number
    readonly delayMinutes?: number
    readonly parts?: string[]
  }

  test('mean their event, conditions, audience, window and delay, or name what is not understood', () => {
    for (const { text, parts = [], event = null, where = [], audience = null, windowHours = null, delayMinutes = null } of fixtures('triggers') as Trigger[]) {
      const { phrases, notUnderstood, ...found } = parseTrigger(text, context)
      expect({ text, parts: notUnderstood.map((part) => part.text), ...found }).toEqual({ text, parts, event, where, audience, windowHours, delayMinutes })
      if (event !== null) expect(phrases[0]?.path).toBe('event')
    }
  })
})

test('the examples in the documentation are true', () => {
  const text = textOf('docs/audiences-in-english.md')
  const examples = (heading: string) => [...(text.split(`## ${heading}`)[1]?.split('\n## ')[0] ?? '').matchAll(/“([^”]+)”/g)].map(([, example = '']) => example)
  const documented = { ...context, names: [...(context.names ?? [])] }
  const meant = ['What can be said?', 'How are times meant?', 'How are counts and money meant?'].flatMap(examples)
  expect(meant.length).toBeGreaterThan(60)
  for (const example of meant) expect({ example, not: parseEnglish(example, documented).notUnderstood }).toEqual({ example, not: [] })
  const refused = examples('What is not understood, and why?')
  expect(refused.length).toBeGreaterThan(10)
  for (const example of refused) expect({ example, tree: parseEnglish(example, documented).tree }).toEqual({ example, tree: null })
  const triggers = examples('How is a trigger said?')
  expect(triggers.length).toBeGreaterThan(3)
  for (const example of triggers) expect({ example, not: parseTrigger(example, documented).notUnderstood }).toEqual({ example, not: [] })
})

test('hostile sentences are refused within a bounded time', () => {
  const fill = (text: string) => text.repeat(Math.ceil(mostEnglish / text.length)).slice(0, mostEnglish)
  const hostile = [
    '(',
    '[',
    '"',
    "'a ",
    '“',
    '1,',
    '1.',
    '-',
    'and ',
    'or ',
    'not ',
    'who ',
    'in ',
    'at least ',
    'between 1 and ',
    'in Germany or ',
    'customers who ',
    'the last 5 ',
    'a',
    'é',
    '￿',
    '￿ ',
    '%',
    'except ',
    'neither ',
    'to whom none of this applies: [',
    'consented to email, ',
    'whose stage is a or ',
    'opened or clicked, ',
    'where channel is "a" and ',
    '1 March ',
    'never ',
    '\u0000',
    '‮',
    '🙂',
    'the United States of ',
  ]
  parseEnglish('customers in Germany who speak German', context)
  for (const given of hostile) {
    for (const text of [fill(given), fill(`customers who ordered ${given}`)]) {
      // The thread's own time, the best of three: other work on the machine is not the parser's.
      const times = [1, 2, 3].map(() => {
        const start = process.threadCpuUsage()
        expect(parseEnglish(text, context).tree).toBeNull()
        const { user, system } = process.threadCpuUsage(start)
        parseTrigger(text, context)
        return (user + system) / 1000
      })
      expect({ given, fast: Math.min(...times) < 50 }).toEqual({ given, fast: true })
    }
  }
  expect(parseEnglish('x'.repeat(mostEnglish + 1), context)).toMatchObject({ tree: null, notUnderstood: [{ from: 0 }] })
  expect(parseTrigger('x'.repeat(mostEnglish + 1), context)).toMatchObject({ event: null, notUnderstood: [{ from: 0 }] })
})
