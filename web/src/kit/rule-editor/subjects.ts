/** What a predicate is about, and what it becomes when that changes. Pure. */
import { missingIn, operatorWords, valueFor, whole } from './operators.ts'
import { blank, groupOf, leavesOf } from './tree.ts'
import type { AttributePredicate, Behaviour, BehaviourPredicate, Operator, Predicate, Term, Vocabulary, Within } from './types.ts'

export const isAttribute = (leaf: Predicate): leaf is AttributePredicate => 'attribute' in leaf
export const isBehaviour = (leaf: Predicate): leaf is BehaviourPredicate => 'did' in leaf || 'didNot' in leaf
export const eventOf = (leaf: BehaviourPredicate): string => ('did' in leaf ? leaf.did : leaf.didNot)

/** The same word for a choice of any subject: attributes and behaviours may share a name. */
export const subjectOf = (leaf: Predicate): string => (isAttribute(leaf) ? (leaf.attribute === '' ? '' : `a:${leaf.attribute}`) : isBehaviour(leaf) ? `b:${eventOf(leaf)}` : '')

/** How a subject is called; its own name where the vocabulary does not have it any more. */
export function titleOf(leaf: Predicate, { attributes, behaviours }: Vocabulary): string {
  if (isAttribute(leaf)) return attributes.find(({ name }) => name === leaf.attribute)?.title ?? leaf.attribute
  if (!isBehaviour(leaf)) return ''
  const event = eventOf(leaf)
  return behaviours.find(({ name }) => name === event)?.title ?? event
}

const firstOperators: Partial<Record<Term['type'], Operator>> = { date: 'inLast', number: '>=', money: '>=', code: 'in' }

/** A comparison to begin with. */
export function comparisonOf(term: Term): { op: Operator; value?: NonNullable<AttributePredicate['value']> } {
  const wanted = firstOperators[term.type] ?? 'is'
  const op = term.operators.includes(wanted) ? wanted : (term.operators[0] ?? 'is')
  if (term.type === 'boolean') return { op, value: true }
  const value = valueFor(op, undefined, 'known')
  return value === undefined ? { op } : { op, value }
}

/** The predicate about another subject, with what of it still makes sense. @param subject as `subjectOf` writes it */
export function about(leaf: Predicate, subject: string, vocabulary: Vocabulary): Predicate {
  const name = subject.slice(2)
  if (subject.startsWith('a:')) {
    const term = vocabulary.attributes.find((one) => one.name === name)
    return term ? { attribute: name, ...comparisonOf(term) } : blank
  }
  const behaviour = vocabulary.behaviours.find((one) => one.name === name)
  if (!behaviour) return blank
  if (!isBehaviour(leaf)) return { did: name, within: { days: 30 } }
  const where = leaf.where?.filter(({ field }) => behaviour.fields.some((one) => one.name === field))
  const kept = { ...(where?.length ? { where } : {}), ...(leaf.within && fits(leaf.within, behaviour) ? { within: leaf.within } : {}) }
  if ('didNot' in leaf) return { didNot: name, ...kept }
  const { atLeast, atMost, total } = leaf
  return {
    did: name,
    ...kept,
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(atMost === undefined ? {} : { atMost }),
    ...(total && behaviour.kind === 'order' ? { total } : {}),
  }
}

/** Whether the last messages can be asked about. */
export const ofMessages = ({ kind, name }: Behaviour): boolean => kind === 'message' && name !== 'sent'
const fits = (within: Within, behaviour: Behaviour) => !('messages' in within) || ofMessages(behaviour)

/** Did it or did it not: counts and totals are of what was done. */
export function turned(leaf: BehaviourPredicate, did: boolean): BehaviourPredicate {
  if ('did' in leaf === did) return leaf
  const { where, within } = leaf
  const kept = { ...(where ? { where } : {}), ...(within ? { within } : {}) }
  return did ? { did: eventOf(leaf), ...kept } : { didNot: eventOf(leaf), ...kept }
}

/** What is still to be filled in, by path: nothing is asked of the server before. */
export function gapsIn(tree: Predicate, vocabulary: Vocabulary | undefined): ReadonlyMap<string, string> {
  const inner = groupOf(tree)
  if (inner?.members.length === 0) return new Map([['', 'Add a condition: a rule needs at least one.']])
  return new Map(
    leavesOf(tree).flatMap(({ leaf, path }) => {
      const gap = groupOf(leaf) ? 'This group is empty.' : vocabulary && gapOf(leaf, vocabulary)
      return gap === undefined ? [] : [[path, gap] as const]
    }),
  )
}

function gapOf(leaf: Predicate, { attributes, behaviours }: Vocabulary): string | undefined {
  if (isAttribute(leaf)) {
    if (leaf.attribute === '') return 'Choose what this condition is about.'
    return missingIn(leaf.op, leaf.value, attributes.find(({ name }) => name === leaf.attribute)?.type ?? 'text')
  }
  if (!isBehaviour(leaf)) return undefined
  const fields = behaviours.find(({ name }) => name === eventOf(leaf))?.fields ?? []
  for (const { field, op, value } of leaf.where ?? []) {
    const term = fields.find(({ name }) => name === field)
    const gap = missingIn(op, value, term?.type ?? 'text')
    if (gap !== undefined) return `${term?.title ?? field} ${operatorWords(op, term?.type ?? 'text')} …: ${gap}`
  }
  return gapOfCounts(leaf) ?? gapOfPeriod(leaf.within)
}

function gapOfCounts(leaf: BehaviourPredicate): string | undefined {
  if (!('did' in leaf)) return undefined
  const { atLeast = 1, atMost, total } = leaf
  if (!whole(atLeast, 1, 1_000_000)) return 'Enter how often at least, from 1.'
  if (atMost !== undefined && !whole(atMost, atLeast, 1_000_000)) return 'At most is less than at least.'
  return total && missingIn('is', total.value, 'money')
}

function gapOfPeriod(within: Within | undefined): string | undefined {
  if (!within) return undefined
  if ('days' in within) return whole(within.days, 1, 3650) ? undefined : 'Enter a number of days, from 1 to 3650.'
  if ('messages' in within) return whole(within.messages, 1, 50) ? undefined : 'Enter a number of messages, from 1 to 50.'
  if (within.from === undefined && within.to === undefined) return 'Enter the first day, the last, or both.'
  return within.from !== undefined && within.to !== undefined && within.from > within.to ? 'The last day is before the first.' : undefined
}
