/** What the reading of one sentence carries along: its tokens, the words of the account, and which predicate each part became. */
import type { Condition, DidPredicate, Predicate, Within } from '../tree.ts'
import type { Behaviour } from '../vocabulary.ts'
import type { Lexicon } from './lexicon.ts'
import type { Fault, Reader } from './reader.ts'

export interface Reading {
  readonly reader: Reader
  readonly lexicon: Lexicon
  /** Where in the sentence a predicate was read. */
  readonly spans: Map<Predicate, { readonly from: number; readonly to: number }>
  /** Clauses in the order they were read, whatever became of the sentence. */
  readonly clauses: Predicate[]
  /** What was not understood. */
  readonly faults: Fault[]
  /** What "it" means: the message that was last spoken of. */
  it?: readonly Condition[]
}

/** Whether a clause says when: `none` where it needs not, as what customers are or never did. */
export type Time = 'said' | 'open' | 'none'

/** A predicate as it was read. */
export interface Done {
  readonly tree: Predicate
  readonly time: Time
  /** A verb of this kind that wants an object: whether it has one. "received but did not open the campaign" leaves open what was received. */
  readonly wants?: { readonly kind: Behaviour['kind']; readonly object: boolean }
}

/** How often: `most` absent is without end; `least` 0 holds also for who did not at all. */
export interface Count {
  readonly least: number
  readonly most?: number
}

export interface Frame {
  readonly where: Condition[]
  /** Something stands there that was opened, bought, visited. */
  object: boolean
  /** Index of the token after it. */
  objectEnd?: number
  count?: Count
  within?: Within
  /** "ever": the time is said, and it is all of it. */
  ever?: true
  total?: NonNullable<DidPredicate['total']>
}

/** Remembers that the predicate was read from the token `from` to the one before the next. */
export function noted(reading: Reading, tree: Predicate, from: number): Predicate {
  const { tokens, at } = reading.reader
  const first = tokens[from]
  const last = tokens[at - 1]
  if (first && last) reading.spans.set(tree, { from: first.from, to: last.to })
  return tree
}

/** The exact complement, in its shortest form. */
export function complement(tree: Predicate): Predicate {
  if ('none' in tree && tree.none.length === 1) return tree.none[0] as Predicate
  if ('any' in tree) return { none: tree.any }
  if ('didNot' in tree) return { did: tree.didNot, ...rest(tree) }
  if ('did' in tree && tree.atLeast === undefined && tree.atMost === undefined && tree.total === undefined) return { didNot: tree.did, ...rest(tree) }
  if ('attribute' in tree) {
    const op = opposites[tree.op]
    if (op) return { ...tree, op }
  }
  return { none: [tree] }
}
const rest = ({ where, within }: { where?: Condition[] | undefined; within?: Within | undefined }) => ({ ...(where ? { where } : {}), ...(within ? { within } : {}) })

export const opposites: Partial<Record<Condition['op'], Condition['op']>> = {
  is: 'isNot',
  isNot: 'is',
  in: 'notIn',
  notIn: 'in',
  inLast: 'notInLast',
  notInLast: 'inLast',
  known: 'unknown',
  unknown: 'known',
}
