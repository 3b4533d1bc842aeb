/** What a tree is compiled for. Types only. */
import type { Vocabulary } from '../predicates/index.ts'

export interface Circumstances {
  readonly vocabulary: Vocabulary
  readonly timeZone: string
  readonly now: Date
  /** Keys of the campaigns that a condition on campaign, flow, brand, folder or tag names. */
  readonly campaigns: (field: string, value: string) => readonly string[]
}
