/** Makes one predicate of clauses and the words between them. "and" binds tighter than "or"; where commas or a change of subject leave two readings, it is a fault. */
import type { Predicate } from '../tree.ts'
import { type Item, sharedTime } from './item.ts'
import type { Reading } from './reading.ts'

export interface Connective {
  /** `beside`: nothing stands between, as in "in Germany who ordered". */
  readonly word: 'and' | 'or' | 'comma' | 'beside'
  /** A comma stands before the word, or for it. */
  readonly comma?: boolean
  /** "but" parts what stands before it from what follows. */
  readonly but?: boolean
  /** Index of its first token. */
  readonly at: number
}

/** @param connectives one fewer than items. null when an item was not understood */
export function resolve(reading: Reading, items: readonly Item[], connectives: readonly Connective[]): Predicate | null {
  const trees = items.map(({ tree }) => tree)
  if (trees.some((tree) => tree === null)) return null
  for (const [index, item] of items.entries()) refuseBeside(reading, items[index - 1], item, connectives[index - 1])
  refuseSharedTimes(reading, items, connectives)
  const words = withoutCommas(reading, connectives)
  const last = words.lastIndexOf('beside')
  const either = words.indexOf('or')
  if (either < 0) return joined(reading, 'all', items)
  if (either < last) throw fault(reading, items[last + 1], 'May go with the last part alone, or with all before it', 'Use brackets')
  if (last < 0) return byOr(reading, items, words)
  const right = items.slice(last + 1)
  const far = right.find(({ own, clause }, index) => (index === 0 ? own !== 'who' && clause?.verb !== true : own === 'subject' || (own === undefined && clause?.verb !== true)))
  if (far) throw fault(reading, far, 'How far "or" reaches is not clear', 'Use brackets')
  const rest = byOr(reading, right, words.slice(last + 1))
  return joined(reading, 'all', [...items.slice(0, last + 1), { tree: rest, from: 0, to: 0, time: 'none' }])
}

function byOr(reading: Reading, items: readonly Item[], words: readonly string[]): Predicate {
  const runs: Item[][] = [[]]
  for (const [index, item] of items.entries()) {
    if (index > 0 && words[index - 1] === 'or') runs.push([])
    runs.at(-1)?.push(item)
  }
  const alternatives = runs.map((run): Item => {
    const [only] = run
    return run.length === 1 && only ? only : { tree: joined(reading, 'all', run), from: 0, to: 0, time: 'none' }
  })
  return joined(reading, 'any', alternatives)
}

/** Members that are groups of the same kind are merged unless they stand in brackets. */
function joined({ spans }: Reading, group: 'all' | 'any', items: readonly Item[]): Predicate {
  const members = items.flatMap(({ tree, closed }): Predicate[] => {
    if (!tree) return []
    const inner = group === 'all' ? ('all' in tree ? tree.all : undefined) : 'any' in tree ? tree.any : undefined
    if (closed || !inner) return [tree]
    const span = spans.get(tree)
    if (span) for (const member of inner) if (!spans.has(member)) spans.set(member, span)
    return [...inner]
  })
  const [only] = members
  return members.length === 1 && only ? only : group === 'all' ? { all: members } : { any: members }
}

/** A comma stands for the next word between clauses, or for "and". With commas "and" and "or" do not mix. */
function withoutCommas({ reader }: Reading, connectives: readonly Connective[]): ('and' | 'or' | 'beside')[] {
  const words = connectives.map(
    ({ word }, index) => (word === 'comma' ? (connectives.slice(index).find((one) => one.word === 'and' || one.word === 'or')?.word ?? 'and') : word) as 'and' | 'or' | 'beside',
  )
  const comma = connectives.find((one) => one.comma)
  if (comma && words.includes('and') && words.includes('or')) throw reader.fault('Commas leave open what "and" and "or" join', 'Use brackets', comma.at, comma.at + 1)
  return words
}

/** Words that may go with the noun before them as well as with the customers. */
const unclear = ['in', 'from', 'outside', 'based', 'living', 'located', 'that', 'which', 'whose']

function refuseBeside(reading: Reading, before: Item | undefined, item: Item, connective: Connective | undefined): void {
  const first = reading.reader.tokens[item.from]?.word ?? ''
  if (connective?.word === 'beside' && before?.clause?.verb && !before.clause.be && unclear.includes(first))
    throw fault(reading, item, 'May be said of what stands before it, or of the customers', 'Join it by "and who"')
  if (connective?.but && item.own === 'subject') throw fault(reading, item, '"but" may mean except', 'Say "except" or "and who"')
  const [wants, has] = [before?.clause?.wants, item.clause?.wants]
  if (wants && !wants.object && has?.object && wants.kind === has.kind && !item.own && before?.time !== 'said')
    throw reading.reader.fault('What it was done with is not said', 'Say it of each verb', ...spoken(reading.reader.tokens, before as Item))
}

/** "opened an email or clicked an SMS in the last 30 days" leaves open when the email was opened. */
function refuseSharedTimes({ reader }: Reading, items: readonly Item[], connectives: readonly Connective[]): void {
  let open: Item | undefined
  for (const [index, item] of items.entries()) {
    // A negation after none begins anew: "ordered twice and have not ordered in the last 30 days".
    const turns = item.clause?.under !== undefined && open?.clause?.under === undefined
    if (item.own || item.closed || turns || connectives[index - 1]?.but) open = undefined
    if (open && !item.own && item.clause?.verb && item.time === 'said') throw reader.fault(sharedTime.why, sharedTime.hint, ...spoken(reader.tokens, open))
    if (item.time === 'open' && !item.closed) open ??= item
  }
}

/** Its tokens without the "customers who" before them. */
function spoken(tokens: Reading['reader']['tokens'], { from, to }: Item): [number, number] {
  const lead = tokens.slice(from, to).findLastIndex(({ word }) => ['who', 'that', 'which', 'they'].includes(word))
  return [from + lead + 1, to]
}

function fault({ reader }: Reading, item: Item | undefined, why: string, hint: string) {
  return reader.fault(why, hint, item?.from ?? reader.at, item?.to ?? reader.at + 1)
}
