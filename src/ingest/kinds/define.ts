/** What a canonical kind of row is: its fields and the SQL that makes a stored row of them. A kind's file calls defineKind and nothing else. */

/**
 * How a field's text is read (sql/fields.ts). `id` is hashed and never stored; `key` and `text` are stored as they are; `url` loses addresses;
 * `error` loses addresses, phone numbers and tokens and is clipped;
 * `instant` is ISO 8601 with a zone, epoch seconds or milliseconds, or local time where a mapping declares the zone;
 * `choices` are names with true or false, a JSON object.
 */
export type FieldType =
  | 'id'
  | 'key'
  | 'text'
  | 'url'
  | 'error'
  | 'channel'
  | 'event'
  | 'order_status'
  | 'bounce_type'
  | 'flag'
  | 'instant'
  | 'date'
  | 'decimal'
  | 'currency'
  | 'country'
  | 'language'
  | 'channels'
  | 'choices'
  | 'json'

/** What fields with a closed list of names may hold, in the order of a message's or an order's life. */
export const messageEvents = ['queued', 'sent', 'delivered', 'opened', 'clicked', 'unsubscribed', 'complained', 'bounced', 'failed', 'held_out'] as const
export const orderStatuses = ['placed', 'paid', 'delivered', 'cancelled', 'refunded'] as const
export const bounceTypes = ['hard', 'soft'] as const

export interface Field {
  readonly type: FieldType
  readonly required?: boolean
  readonly description: string
}

/** A rule over several fields: rows where `when` holds are rejected. */
export interface Check {
  readonly when: string
  readonly reason: string
}

/**
 * A kind whose rows go to the analytics store. SQL fragments see, for every field `x`: `f_x`, its text ('' when absent), and `v_x`, its parsed value
 * (never null: a neutral value where the text is absent or wrong, because rejected rows pass through the same expressions).
 */
export interface KindDefinition {
  readonly kind: string
  readonly summary: string
  readonly fields: Readonly<Record<string, Field>>
  readonly checks: readonly Check[]
  /** The columns of `ingest_<kind>` besides account_id, load_id, line and reason. */
  readonly columns: Readonly<Record<string, string>>
}

export function defineKind<const Kind extends string, const Fields extends Readonly<Record<string, Field>>>(
  definition: KindDefinition & { readonly kind: Kind; readonly fields: Fields },
): KindDefinition & { readonly kind: Kind; readonly fields: Fields } {
  return definition
}

// The key is the account's: the same customer has other hashes in another account (domain.md, "Customers"). Prefixes keep the kinds of ids apart.
const keyed = (text: string) => `sipHash128ReferenceKeyed(({key0:UInt64}, {key1:UInt64}), ${text})`
export const customerHash = (id: string) => keyed(`concat('c\\0', ${id})`)
export const messageHash = (id: string) => keyed(`concat('m\\0', ${id})`)
export const orderHash = (id: string) => keyed(`concat('o\\0', ${id})`)
/** A held-out customer has no message: the assignment stands for one. */
export const heldOutHash = (campaign: string, customer: string) => keyed(`concat('h\\0', ${campaign}, '\\0', ${customer})`)

/**
 * The rank of a copy of an order: the latest wins, then the one further along, then a fixed hash (docs/figures.md, "An order is its order_id"). A copy that tells more than
 * `content` (`told` is not '') ranks above the one that says the same without: orders from before there were such fields get them when they are imported again,
 * and a copy that tells none of them keeps the rank of then.
 */
export function orderVersion({ updated, rank, content, told }: { updated: string; rank: string; content: string; told: string }): string {
  const hash = `(sipHash64(${content}) % 262144 AS content_hash)`
  const above = 'content_hash + 1 + sipHash64(told_too) % greatest(toUInt64(262143 - content_hash), 1)'
  return `bitShiftLeft(toUInt64(greatest(${milliseconds(updated)}, 0)), 21) + bitShiftLeft(toUInt64(${rank}), 18) + if((${told} AS told_too) = '', ${hash}, ${above})`
}
/** What an order tells beside its content, as text; '': nothing. */
export const toldOfOrder = (product: string, optIns: string) => `if(${product} = '' AND empty(${optIns}), '', concat(${product}, '\\0', toString(${optIns})))`

/** Milliseconds since 1970. */
export const milliseconds = (instant: string) => `toUnixTimestamp64Milli(${instant})`
