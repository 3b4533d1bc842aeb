/** The predicate tree of segments, target groups and triggers: its one schema. It reads no store and knows no account: whether an attribute or a campaign exists is the vocabulary's business. */
import { z } from 'zod'

/** Deepest nesting and most nodes of a tree: what a person can still read, and what bounds the statement it becomes. */
export const mostDepth = 8
export const mostNodes = 100

const name = z.string().trim().min(1).max(200)
const scalar = z.union([z.string().max(500), z.number(), z.boolean()])
export type Scalar = z.output<typeof scalar>

/**
 * How a value is compared. Logic has two values: a value that is not known equals nothing, lies in no range, and every negation is the exact complement,
 * so `isNot` holds for customers whose value is unknown.
 */
export const operators = ['is', 'isNot', 'in', 'notIn', 'contains', 'startsWith', '>', '>=', '<', '<=', 'between', 'known', 'unknown', 'inLast', 'notInLast', 'top'] as const
export type Operator = (typeof operators)[number]

/**
 * `value`: one value; `in`, `notIn`: a list of values; `between`: two, both included; `known`, `unknown`: none; `inLast`, `notInLast` (dates): days;
 * `top` (numbers): per cent of the customers whose value is known. Amounts are decimals as text or whole numbers, dates `yyyy-MM-dd`.
 */
const comparison = { op: z.enum(operators), value: z.union([scalar, z.array(scalar).min(1).max(1000)]).optional() }

/** A condition on what was done: `{field: 'channel', op: 'is', value: 'Email'}`. Which fields there are depends on the behaviour (the vocabulary says). */
export const conditionSchema = z.strictObject({ field: name, ...comparison })
export type Condition = z.output<typeof conditionSchema>

/** `days`: the last so many days of the account's calendar, today included; `from`, `to`: days, both included; `messages`: of the last so many messages sent to the customer that meet the conditions. */
export const withinSchema = z.union([
  z.strictObject({ days: z.int().min(1).max(3650) }),
  z.strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() }).refine(({ from, to }) => from !== undefined || to !== undefined, 'must have from, to or both'),
  z.strictObject({ messages: z.int().min(1).max(50) }),
])
export type Within = z.output<typeof withinSchema>

const done = { where: z.array(conditionSchema).max(20).optional(), within: withinSchema.optional() }

export const attributeSchema = z.strictObject({ attribute: name, ...comparison })
export type AttributePredicate = z.output<typeof attributeSchema>

/** A message event (sent, delivered, opened, clicked, unsubscribed, complained, bounced), `ordered`, or a kind of web event. */
export const didSchema = z.strictObject({
  did: name,
  ...done,
  atLeast: z.int().min(1).max(1_000_000).optional(),
  atMost: z.int().min(1).max(1_000_000).optional(),
  /** `ordered` only: what the orders came to, in the account's currency; orders in others do not count. */
  total: z.strictObject({ op: z.enum(['>', '>=', '<', '<=']), value: z.union([z.string().max(30), z.number()]) }).optional(),
})
export type DidPredicate = z.output<typeof didSchema>

export const didNotSchema = z.strictObject({ didNot: name, ...done })
export type DidNotPredicate = z.output<typeof didNotSchema>

/** `all`: every one holds; `any`: at least one; `none`: not one. */
export type Predicate =
  | { readonly all: readonly Predicate[] }
  | { readonly any: readonly Predicate[] }
  | { readonly none: readonly Predicate[] }
  | AttributePredicate
  | DidPredicate
  | DidNotPredicate
