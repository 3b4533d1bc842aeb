/** Proposes a stream: campaigns in an order, each with its treatment and condition. */
import { requireScopes } from '../../core/access.ts'
import { newRow } from '../writes/index.ts'
import type { DraftAnswer, UnderstoodPhrase } from './answer.ts'
import type { Context } from './context.ts'
import type { StreamDraftInput } from './inputs.ts'
import { type Plan, propose } from './propose.ts'
import { refOf } from './references.ts'
import { ruleOf } from './rules.ts'

export async function proposeStream(context: Context, input: StreamDraftInput): Promise<DraftAnswer> {
  requireScopes(context.principal, 'create:flows')
  return await propose(context, 'create_stream_draft', input, planOf)
}

async function planOf(context: Context, { name, campaigns: given, measurementDays }: StreamDraftInput): Promise<Plan> {
  const campaigns: object[] = []
  const understood: UnderstoodPhrase[] = []
  const words: string[] = []
  for (const [index, { campaign, treatment, condition }] of given.entries()) {
    const { key } = await refOf(context, 'campaign', campaign, `campaigns[${index}].campaign`)
    const rule = condition === undefined ? undefined : await ruleOf(context, condition, `campaigns[${index}].condition`)
    understood.push(...(rule?.phrases ?? []))
    if (rule?.words !== undefined) words.push(`${index + 1}. ${rule.words}`)
    campaigns.push({ campaign: key, ...(treatment?.trim() ? { treatment: treatment.trim() } : {}), ...(rule ? { condition: rule.tree } : {}) })
  }
  const definition = { campaigns, ...(measurementDays === undefined ? {} : { measurementDays }) }
  return {
    rows: async (db) => [await newRow(db, context.principal, 'stream', name, definition)],
    understood,
    description: words.length ? words.join('\n') : undefined,
  }
}
