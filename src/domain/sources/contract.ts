/** What people can do with an account's sources, and what they are told. Types only. */
import type { SourceListed, TypeListed } from './listed.ts'
import type { CampaignRule, SetupStep } from './type.ts'

export interface SourceDetail extends SourceListed {
  /** What to do at the platform, without the key: undefined where this person may not change the source. */
  readonly steps: readonly SetupStep[] | undefined
  /** Values of settings that are no secret. */
  readonly settings: Readonly<Record<string, string>>
  /** Secret settings that are there. */
  readonly secretsSet: readonly string[]
  readonly campaignRules: readonly CampaignRule[] | null
  /** What is set aside, most first. */
  readonly reasons: readonly { readonly kind: string; readonly reason: string; readonly items: number; readonly first: string; readonly last: string }[]
}

export interface SourceAdded {
  readonly id: string
  /** Shown once. */
  readonly key: string
  /** The address to paste, key included; of a pull, empty. */
  readonly url: string
  readonly steps: readonly SetupStep[]
}

export interface SourceChanges {
  /** What was loaded so far goes by the new name too. */
  readonly name?: string | undefined
  /** Those that are given replace those of before, empty ones are taken away, others stay. */
  readonly settings?: Readonly<Record<string, string>> | undefined
  /** null: as the type does by default. */
  readonly campaignRules?: readonly CampaignRule[] | null | undefined
}

/** Unless it says otherwise, a method throws missing_scopes without manage:account, and not_found for an unknown or foreign id. */
export interface SourcesService {
  /** Every kind of source. Throws missing_scopes without read:health. */
  readonly types: () => readonly TypeListed[]
  /** By name. Throws missing_scopes without read:health. */
  readonly list: () => Promise<readonly SourceListed[]>
  /** Throws missing_scopes without read:health. */
  readonly get: (id: string) => Promise<SourceDetail>
  /** Settings that are not known yet may be given later. Throws invalid_arguments and conflict. */
  readonly add: (source: { readonly type: string; readonly name: string; readonly settings?: Readonly<Record<string, string>> | undefined }) => Promise<SourceAdded>
  /** Throws invalid_arguments and conflict. */
  readonly change: (id: string, changes: SourceChanges) => Promise<void>
  /** The key from before is good beside the new one until `previousUntil`, ISO 8601. */
  readonly rotate: (id: string) => Promise<SourceAdded & { readonly previousUntil: string }>
  /** While it is off, what is delivered is refused. */
  readonly setEnabled: (id: string, enabled: boolean) => Promise<void>
  /** It takes nothing more; what it delivered stays and is still loaded. What was set aside is deleted, and what cannot be loaded later is too. */
  readonly remove: (id: string) => Promise<void>
  /** Sends set-aside items in again, the oldest first; `left` are still there. */
  readonly replay: (id: string, reason?: string) => Promise<{ readonly replayed: number; readonly left: number }>
  readonly discard: (id: string, reason?: string) => Promise<{ readonly discarded: number }>
  /** Asks a platform now, instead of by the clock. */
  readonly pull: (id: string) => Promise<void>
}
