/** How many people a draft is for, and what that says about it. Counts by the audience service, which decides who may count what. */
import { isRestricted } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { clip, percent } from '../../core/text.ts'
import type { AudienceSize } from '../segments/index.ts'
import type { DraftAudience, Warning } from './answer.ts'
import type { Counting, Reviewing } from './review/part.ts'

/** Rows that a count on the way may read; more takes minutes, and audience_size does it as a job. */
const mostRows = 250_000_000
/** Below this share of the audience a channel reaches few. */
const little = 0.2

interface Counted {
  readonly audience: DraftAudience | null
  readonly warnings: readonly Warning[]
}

const uncounted = (text: string): Counted => ({ audience: null, warnings: [{ code: 'audience_not_counted', text }] })

/** Throws what is the caller's own mistake in a rule: an unknown value. */
export async function countFor(context: Reviewing, counting: Counting | undefined): Promise<Counted> {
  if (!counting) return { audience: null, warnings: [] }
  const { principal, audience, signal, lenient } = context
  const { ask } = counting
  if (!principal.scopes.has('read:segments')) return uncounted('Its audience is not counted: that needs read:segments. An owner can grant it.')
  if (ask.tree !== undefined && isRestricted(principal))
    return uncounted(
      'Its audience is not counted: a rule of your own is counted over the whole account, of which you see only a part. Whoever sees all of it does so when deciding.',
    )
  try {
    if ((await audience.cost(ask, signal)) > mostRows) return uncounted('Its audience is not counted here, since that would read very much: ask audience_size for it.')
    return shape(counting, await audience.size(ask, signal))
  } catch (error) {
    if (!(error instanceof MercatError) || error.status >= 499 || (ask.tree !== undefined && !lenient && !counting.stored)) throw error
    return uncounted(`Its audience is not counted: ${error.message}.`)
  }
}

function shape({ note, channel, few }: Counting, { audience: { count, shown, share, explanation, leftOut }, reachable }: AudienceSize): Counted {
  const reach = reachable.find((one) => one.channel === channel)
  const words = [`${explanation}.`, ...leftOut, ...(note === undefined ? [] : [note])].join(' ')
  return {
    audience: { count, shown, share, reachable, explanation: clip(words, 1500) },
    warnings: [...sizeWarnings(count, shown, few), ...(reach && count !== 0 ? reachWarnings(reach) : [])],
  }
}

function sizeWarnings(count: number | null, shown: string, few: string | undefined): Warning[] {
  if (count === 0) return [{ code: 'empty_audience', text: few ?? 'Nobody is in its audience: widen the rule.' }]
  if (count !== null || !shown.startsWith('fewer')) return []
  return [{ code: 'small_audience', text: few ?? `${capital(shown)} customers are in its audience, perhaps none: widen the rule.` }]
}

const capital = (shown: string) => shown.replace(/^f/, 'F')

function reachWarnings({ channel, count, shown, share }: AudienceSize['reachable'][number]): Warning[] {
  if (count === 0 || (count === null && shown.startsWith('fewer')))
    return [
      {
        code: 'no_consent',
        text: `${count === 0 ? 'Nobody' : capital(shown)} of its audience consented to ${channel}: choose a channel that reaches them (see reachable).`,
      },
    ]
  if (share === null || share >= little) return []
  return [
    {
      code: 'little_consent',
      text: `Only ${percent(share)} of its audience consented to ${channel}: the others are not reached. Choose another channel, or add the consent to the rule.`,
    },
  ]
}
