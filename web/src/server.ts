/** What the dashboard knows of the server: the types of its API. The only file of the dashboard that looks into src, and at types alone. */
import type { z } from 'zod'
import type { Role, Scope } from '../../src/core/access.ts'
import type { ErrorCode, ErrorDetails } from '../../src/core/errors.ts'
import type { CampaignDefinition, FlowDefinition, PromotionDefinition, StreamDefinition, TriggerDefinition } from '../../src/domain/entities/index.ts'
import type { AttributePredicate, Condition, DidNotPredicate, DidPredicate, Operator, Predicate, Scalar, Within } from '../../src/domain/predicates/index.ts'
import type { areas } from '../../src/edge/api/endpoints/index.gen.ts'

export type { AttributePredicate, Condition, DidNotPredicate, DidPredicate, ErrorCode, ErrorDetails, Operator, Predicate, Role, Scalar, Scope, Within }

/** What the definitions of entities hold, by their types. */
export interface Definitions {
  readonly campaign: CampaignDefinition
  readonly flow: FlowDefinition
  readonly trigger: TriggerDefinition
  readonly stream: StreamDefinition
  readonly promotion: PromotionDefinition
}

type Areas = typeof areas
export type Area = keyof Areas

/** The names of an area's endpoints of one kind. */
export type Named<A extends Area, Kind extends 'query' | 'mutation' | 'download'> = {
  [N in keyof Areas[A]]: Areas[A][N] extends { kind: Kind } ? N : never
}[keyof Areas[A]] &
  string

/** What an endpoint takes. */
export type Input<A extends Area, N> = N extends keyof Areas[A] ? (Areas[A][N] extends { input: infer Schema extends z.ZodType } ? z.input<Schema> : never) : never

/** What it answers. */
export type Output<A extends Area, N> = N extends keyof Areas[A] ? (Areas[A][N] extends { run: (call: never) => Promise<infer Answer> } ? Answer : never) : never

export type Session = Output<'session', 'current'>
export type Account = Session['accounts'][number]
