/** The shapes of the pages of entities, as the API gives them. */
import type { Account, Definitions, Output } from '../../server.ts'

export type EntityName = keyof Definitions
export type EntityRow = Output<'entities', 'list'>['rows'][number]
export type Choices = Output<'entities', 'choices'>
export type Opened = Output<'entities', 'one'>
export type Message = NonNullable<Opened['message']>
export type Linked = Opened['links'][number]

/** One entity, for the parts of its page. */
export interface PartsProps<Type extends EntityName> {
  readonly account: Account
  readonly of: Opened
  readonly definition: Definitions[Type]
}
