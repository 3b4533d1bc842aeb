/** What the reading of an English sentence needs and gives. Types alone. */
import type { Condition, Predicate } from '../tree.ts'
import type { Vocabulary } from '../vocabulary.ts'

/** What a phrase may name by name. */
export type NamedField = 'campaign' | 'flow' | 'brand' | 'folder' | 'tag'

export interface EnglishContext {
  readonly vocabulary: Vocabulary
  /** The account's current day, yyyy-MM-dd: what "since Monday" or "last month" counts from. */
  readonly today: string
  /** ISO 4217 of the account: amounts in another currency are not understood, never converted. */
  readonly currency: string
  /** What campaigns, flows, brands, folders and tags are called, and what stands for them in the tree. Absent: whatever stands in quotes is taken as it is. */
  readonly names?: readonly { readonly field: NamedField; readonly name: string; readonly key: string }[]
}

/** `from`, `to`: where it stands in the sentence, in UTF-16 units, the end not included. */
interface Part {
  readonly text: string
  readonly from: number
  readonly to: number
}

export interface Understood extends Part {
  /** Its predicate in the tree: `all[0]`; '' the whole, and of a tree that is null. */
  readonly path: string
  /** The predicate in explain()'s words. */
  readonly means: string
}

export interface NotUnderstood extends Part {
  readonly why: string
  /** What to write instead, or the nearest known words. */
  readonly hint?: string
}

export interface English {
  /** null unless every word was understood, and in one way only. */
  readonly tree: Predicate | null
  readonly phrases: readonly Understood[]
  readonly notUnderstood: readonly NotUnderstood[]
}

export interface EnglishTrigger {
  /** As the vocabulary calls it, or as the sentence does; null unless every word was understood. */
  readonly event: string | null
  /** On the event's own parameters. Those of events that the vocabulary does not know stand as the sentence calls them, whole numbers as numbers. */
  readonly where: readonly Condition[]
  readonly audience: Predicate | null
  /** "within 3 days". */
  readonly windowHours: number | null
  /** "after 2 hours". */
  readonly delayMinutes: number | null
  readonly phrases: readonly Understood[]
  readonly notUnderstood: readonly NotUnderstood[]
}
