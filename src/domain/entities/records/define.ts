/** What a record is: a row of an import that has a table of its own instead of being an entity. A record's file calls defineRecord and nothing else. */
import type { z } from 'zod'
import type { IdKind } from '../../../core/ids.ts'
import { canonicalJson } from '../../../core/json.ts'
import type { DbOrTransaction } from '../../../storage/operational/schema.ts'
import type { EntityOrigin } from '../define.ts'

/** A row after the common fields were checked; `definition` is still what came. */
export interface RecordRow {
  readonly key: string
  readonly name: string | undefined
  readonly organization: string | undefined
  readonly definition: Readonly<Record<string, unknown>>
}

/** The organization that a record belongs to, by its key. */
export interface Owner {
  readonly id: string
  readonly currency: string
}

/** What one call of an import brings of one type. */
export interface RecordCall {
  readonly accountId: string
  /** ISO 4217, of the account. */
  readonly currency: string
  /** Known and new ones, by key. */
  readonly owners: ReadonlyMap<string, Owner>
  readonly origin: EntityOrigin
  readonly createdBy: string | null
}

/** One row as it will be stored, comparable with the one that is. */
export type Made<Row extends object> = { readonly row: Row } | { readonly reason: string }

export interface RecordType<Type extends IdKind = IdKind, Definition extends z.ZodObject = z.ZodObject, Row extends object = object> {
  /** Equal to the file's name and to the kind of its ids. */
  readonly type: Type
  readonly title: string
  readonly description: string
  /** It must name an organization. */
  readonly owned: boolean
  readonly definition: Definition
  /** The rows of the account, by key. */
  readonly known: (db: DbOrTransaction, accountId: string) => Promise<Map<string, Row>>
  /** @param definition what is stored with what came over it, checked @param owner set for owned records */
  readonly make: (given: RecordRow, definition: z.output<Definition>, owner: Owner | undefined, stored: Row | undefined, call: RecordCall) => Made<Row>
  /** What of a stored row its definition is: what a later row leaves out stays. */
  readonly definitionOf: (row: Row) => Readonly<Record<string, unknown>>
  readonly write: (db: DbOrTransaction, row: Row, call: RecordCall) => Promise<void>
}

/** Types the definition; derives nothing. */
export function defineRecord<const Type extends IdKind, Definition extends z.ZodObject, Row extends object>(
  type: RecordType<Type, Definition, Row>,
): RecordType<Type, Definition, Row> {
  return type
}

export const sameRow = (a: object, b: object): boolean => canonicalJson(a) === canonicalJson(b)
