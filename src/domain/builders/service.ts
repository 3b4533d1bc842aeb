/** The builders service, bound to a principal: proposes drafts and says of a draft what it would do. Nothing here decides on one. */
import { type Principal, requireScopes } from '../../core/access.ts'
import { readSettings } from '../accounts/index.ts'
import { entityType } from '../entities/index.ts'
import type { AudienceService } from '../segments/index.ts'
import type { Stores } from '../stores.ts'
import type { DraftAnswer } from './answer.ts'
import { proposeCampaign } from './campaign.ts'
import type { Context, Door } from './context.ts'
import type { CampaignDraftInput, StreamDraftInput, TargetGroupDraftInput, TriggerDraftInput } from './inputs.ts'
import { type Review, reviewOf } from './review.ts'
import type { ReviewRow } from './review/part.ts'
import { englishContext } from './rules.ts'
import { proposeStream } from './stream.ts'
import { proposeTargetGroup } from './target-group.ts'
import { proposeTrigger } from './trigger.ts'

/** All throw `missing_scopes`, `invalid_arguments` for what is not understood in full, `not_found` and the like for what is unknown or hidden, `conflict` for a name that is taken. */
export interface BuildersService {
  readonly targetGroup: (input: TargetGroupDraftInput, signal?: AbortSignal) => Promise<DraftAnswer>
  readonly campaign: (input: CampaignDraftInput, signal?: AbortSignal) => Promise<DraftAnswer>
  readonly trigger: (input: TriggerDraftInput, signal?: AbortSignal) => Promise<DraftAnswer>
  readonly stream: (input: StreamDraftInput, signal?: AbortSignal) => Promise<DraftAnswer>
  /** Of a draft as it is stored: what it would do, for how many, and what to look at. The caller has found the row as one the principal sees. */
  readonly review: (row: ReviewRow, signal?: AbortSignal) => Promise<Review>
}

export function createBuilders(stores: Stores, audience: (principal: Principal) => AudienceService, door: Door): (principal: Principal) => BuildersService {
  return (principal) => {
    const own = audience(principal)
    const contextOf = async (signal: AbortSignal | undefined): Promise<Context> => {
      const vocabulary = lazily(() => own.vocabulary(signal))
      return {
        stores,
        principal,
        audience: own,
        door,
        signal,
        settings: await readSettings(stores.db, principal.account.id),
        vocabulary,
        english: lazily(() => englishContext({ stores, principal, vocabulary })),
      }
    }
    return {
      targetGroup: async (input, signal) => await proposeTargetGroup(await contextOf(signal), input),
      campaign: async (input, signal) => await proposeCampaign(await contextOf(signal), input),
      trigger: async (input, signal) => await proposeTrigger(await contextOf(signal), input),
      stream: async (input, signal) => await proposeStream(await contextOf(signal), input),
      review: async (row, signal) => {
        const { scope } = entityType(row.type)
        if (scope) requireScopes(principal, scope)
        return await reviewOf(await contextOf(signal), row, { lenient: true })
      },
    }
  }
}

/** Reads at the first question, and once. */
function lazily<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined
  return () => (value ??= read())
}
