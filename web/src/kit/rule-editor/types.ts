/** The shapes of rules and of what they may speak of, as the API gives them. */
import type { DidNotPredicate, DidPredicate, Output } from '../../server.ts'

export type { AttributePredicate, Condition, Operator, Predicate, Scalar, Within } from '../../server.ts'

export type Vocabulary = Output<'audiences', 'vocabulary'>
export type Term = Vocabulary['attributes'][number]
export type Behaviour = Vocabulary['behaviours'][number]
export type AudienceSize = Output<'audiences', 'size'>
export type CheckedRule = Output<'audiences', 'check'>

export type Group = 'all' | 'any' | 'none'
export type BehaviourPredicate = DidPredicate | DidNotPredicate

/** Where a predicate stands: of each group on the way, which member. [] is the root. */
export type Place = readonly number[]
