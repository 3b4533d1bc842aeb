/** What a stream would be. Changes nothing. */
import { streamDefinition, targetGroupDefinition, campaignDefinition } from '../../entities/index.ts'
import { type Predicate, predicateSchema } from '../../predicates/index.ts'
import type { Warning } from '../answer.ts'
import { said } from '../context.ts'
import { calledBy, type Counting, line, type Named, namedBy, type Part, readable, referenceWarnings, type ReviewRow, type Reviewing, ruleWords } from './part.ts'

/** Steps that are said one by one; the rest is counted. */
const mostSteps = 50

type Step = ReturnType<typeof streamDefinition.parse>['campaigns'][number]

export async function reviewStream(context: Reviewing, { name, definition }: ReviewRow): Promise<Part> {
  const { campaigns: steps, measurementDays } = streamDefinition.parse(definition)
  const campaigns = await namedBy(
    context,
    'campaign',
    'key',
    steps.map(({ campaign }) => campaign),
  )
  const lines: string[] = []
  const warnings: Warning[] = []
  for (const [index, { campaign, treatment, condition }] of steps.slice(0, mostSteps).entries()) {
    const rule = condition ? await ruleWords(context, condition, `campaigns[${index}].condition`) : undefined
    warnings.push(...(rule?.warnings ?? []))
    lines.push(
      line(
        `${index + 1}. ${calledBy('campaign', campaign, campaigns.get(campaign))}${treatment === undefined ? '' : `, treatment ${said(treatment)}`}${rule ? `, for ${rule.text}` : ', for everybody who is left'}.`,
      ),
    )
  }
  const see = readable(context, 'campaign')
  const keys = [...new Set(steps.map(({ campaign }) => campaign))]
  const open = steps.findIndex(({ condition }) => !condition)
  return {
    words: [
      `Stream ${said(name)}: ${steps.length} ${steps.length === 1 ? 'campaign' : 'campaigns in an order'}; a customer gets the first whose condition holds.`,
      ...lines,
      ...(steps.length > mostSteps ? [`And ${steps.length - mostSteps} more.`] : []),
      `It is measured as a whole over ${measurementDays === undefined ? 'the account’s attribution window' : `${measurementDays} ${measurementDays === 1 ? 'day' : 'days'}`}.`,
    ],
    warnings: [
      ...warnings,
      ...keys.flatMap((key) => referenceWarnings('campaign', key, campaigns.get(key), see)),
      ...(open >= 0 && open < steps.length - 1
        ? [{ code: 'unreachable', text: `Campaign ${open + 1} of the stream has no condition: those after it reach nobody whom it takes. Give it one, or put it last.` }]
        : []),
    ],
    counting: await countingOf(context, steps, campaigns),
  }
}

/** Whoever is in a step's target group and meets its condition; undefined where a step is for everybody, or its group's rule is not known. */
async function countingOf(context: Reviewing, steps: readonly Step[], campaigns: ReadonlyMap<string, Named>): Promise<Counting | undefined> {
  const groupOf = ({ campaign }: Step) => campaignDefinition.partial().safeParse(campaigns.get(campaign)?.definition ?? {}).data?.targetGroup
  const groups = await namedBy(
    context,
    'target_group',
    'key',
    steps.flatMap((step) => groupOf(step) ?? []),
  )
  const any: Predicate[] = []
  for (const step of steps) {
    const key = groupOf(step)
    const rule = key === undefined ? undefined : targetGroupDefinition.safeParse(groups.get(key)?.definition ?? {}).data?.predicate
    const all = [...(rule ? [rule] : []), ...(step.condition ? [step.condition] : [])]
    const [only] = all
    // A group whose rule is not known here may be anybody.
    if (!only || (key !== undefined && !rule)) return undefined
    any.push(all.length === 1 ? only : { all })
  }
  const [first] = any
  const tree = predicateSchema.safeParse(any.length === 1 && first ? first : { any })
  if (!tree.success) return undefined
  return {
    ask: { tree: tree.data as unknown as Record<string, unknown>, unstored: { at: 'campaigns' } },
    note: 'Exclusions and priorities of the target groups are not taken off.',
  }
}
