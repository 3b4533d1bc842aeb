/** A draft as a person should see it before deciding: what it would do in words, for how many people, and what to look at. Changes nothing. */
import { withinBytes } from '../../core/text.ts'
import { type EntityType, entityType } from '../entities/index.ts'
import { fingerprintOf } from '../writes/index.ts'
import type { DraftAudience, Warning } from './answer.ts'
import { countFor } from './audience.ts'
import { type Context, said } from './context.ts'
import { reviewCampaign } from './review/campaign.ts'
import type { Part, ReviewRow, Reviewing } from './review/part.ts'
import { reviewStream } from './review/stream.ts'
import { reviewTargetGroup } from './review/target-group.ts'
import { reviewTrigger } from './review/trigger.ts'
import { draftsLike } from './rows-repository.ts'

export interface Review {
  readonly words: readonly string[]
  /** null: it is for nobody in particular, or `warnings` say why it is not counted. */
  readonly audience: DraftAudience | null
  readonly warnings: readonly Warning[]
}

const reviewers: Partial<Record<EntityType, (context: Reviewing, row: ReviewRow) => Promise<Part>>> = {
  target_group: reviewTargetGroup,
  campaign: reviewCampaign,
  trigger: reviewTrigger,
  stream: reviewStream,
}

/** @param more what only the making of a draft knows */
export async function reviewOf(context: Context, row: ReviewRow, more: Partial<Pick<Reviewing, 'companions' | 'lenient' | 'ruleAt'>> = {}): Promise<Review> {
  const reviewing: Reviewing = { ...context, companions: [], lenient: false, ruleAt: 'predicate', ...more }
  const { words, warnings, counting } = (await reviewers[row.type]?.(reviewing, row)) ?? otherwise(row)
  const counted = await countFor(reviewing, counting)
  const twins = (await Promise.all([row, ...reviewing.companions].map((one) => duplicates(context, one)))).flat()
  return { words: fewLines(words), audience: counted.audience, warnings: fewWarnings([...counted.warnings, ...twins, ...warnings]) }
}

/** Bytes of words and of warnings: with everything beside them an answer stays below its tokens. */
const [mostWords, mostWarnings] = [6_000, 4_000]

function fewLines(words: readonly string[]): string[] {
  const shown = withinBytes(words, mostWords, (one) => one)
  return shown.length < words.length ? [...shown, `And ${words.length - shown.length} more lines; the definition has it all.`] : shown
}

/** Those of a kind that come once are shown before many of one kind. */
function fewWarnings(warnings: readonly Warning[]): Warning[] {
  const first = warnings.filter(({ code }, index) => warnings.findIndex((one) => one.code === code) === index)
  const ordered = [...first, ...warnings.filter((one) => !first.includes(one))]
  const shown = withinBytes(ordered, mostWarnings, ({ text }) => text)
  return shown.length < warnings.length ? [...shown, { code: 'more_warnings', text: `There are ${warnings.length - shown.length} more of these kinds.` }] : ordered
}

function otherwise({ type, name, definition }: ReviewRow): Part {
  const { title, definition: schema, summary } = entityType(type)
  const parsed = schema.safeParse(definition)
  return { words: [`${title} ${said(name)}${parsed.success ? `: ${summary(parsed.data)}` : ''}.`], warnings: [] }
}

async function duplicates({ stores, principal }: Context, { id, type, channel, startsAt, endsAt, definition }: ReviewRow): Promise<Warning[]> {
  const fingerprint = fingerprintOf({ type, channel: channel ?? undefined, startsAt: startsAt ?? undefined, endsAt: endsAt ?? undefined, definition })
  const [same] = await draftsLike(stores.db, principal, type, fingerprint, id)
  if (!same) return []
  return [
    { code: 'duplicate_draft', text: `The ${type.replaceAll('_', ' ')} draft ${said(same.name)} (${same.id}) would do the same and waits for a decision: go on with that one.` },
  ]
}
