/** What everything of this domain works with, bound to a principal. Types and pure helpers only. */
import type { Principal } from '../../core/access.ts'
import { label } from '../../core/match.ts'
import type { AccountSettings } from '../accounts/index.ts'
import type { EnglishContext, Vocabulary } from '../predicates/index.ts'
import type { AudienceService } from '../segments/index.ts'
import type { Stores } from '../stores.ts'

/** Where clients reach the installation, and what its tools are called. */
export interface Door {
  /** Without a trailing slash; empty: links are paths. */
  readonly origin: string
  readonly toolPrefix?: string | undefined
}

/** Of one call. */
export interface Context {
  readonly stores: Stores
  readonly principal: Principal
  readonly audience: AudienceService
  readonly door: Door
  readonly settings: AccountSettings
  readonly signal: AbortSignal | undefined
  /** Read when it is first needed. */
  readonly vocabulary: () => Promise<Vocabulary>
  /** What sentences may speak of; read when the first one comes, for all of a call. */
  readonly english: () => Promise<EnglishContext>
}

/** A name that users wrote, as it stands in a sentence. */
export const said = (name: string): string => JSON.stringify(label(name))

/** Where a person looks at a draft and decides. */
export function linkTo({ origin }: Door, { account }: Principal, id: string): string {
  return `${origin}/a/${account.systemName}/drafts/${id}`
}
