/** What a campaign would be. Changes nothing. */
import { localTimeOf } from '../../../core/local-time.ts'
import { dayOf } from '../../../core/period.ts'
import { percent } from '../../../core/text.ts'
import { type CampaignDefinition, campaignDefinition, targetGroupDefinition } from '../../entities/index.ts'
import { said } from '../context.ts'
import { campaignWarnings } from './campaign-warnings.ts'
import { calledBy, type Counting, line, type Named, namedBy, type Part, quoted, readable, referenceWarnings, type ReviewRow, type Reviewing } from './part.ts'

export async function reviewCampaign(context: Reviewing, row: ReviewRow): Promise<Part> {
  const campaign = campaignDefinition.parse(row.definition)
  const { targetGroup, promotion } = campaign
  const one = async (type: Parameters<typeof namedBy>[1], column: 'id' | 'key', value: string | null | undefined) =>
    value ? (await namedBy(context, type, column, [value])).get(value) : undefined
  const group = await one('target_group', 'key', targetGroup)
  const offered = await one('promotion', 'key', promotion)
  const brand = await one('brand', 'id', row.brandId)
  const folder = await one('folder', 'id', row.folderId)
  const facts = [
    targetGroup === undefined ? 'It has no target group.' : `It goes to ${calledBy('target group', targetGroup, group)}.`,
    ...contentWords(campaign),
    ...timeWords(context, row, campaign),
    ...testWords(campaign),
    ...(campaign.countries.length ? [`Countries: ${campaign.countries.join(', ')}.`] : []),
    ...(promotion === undefined ? [] : [`It offers ${calledBy('promotion', promotion, offered)}.`]),
    ...placeWords(brand, folder, row.tags ?? []),
  ]
  return {
    words: [`Campaign ${said(row.name)}: ${campaign.kind.replaceAll('_', ' ')}${row.channel ? `, by ${row.channel}` : ''}.`, ...facts.map(line)],
    warnings: [
      ...(targetGroup === undefined ? [] : referenceWarnings('target group', targetGroup, group, readable(context, 'target_group'))),
      ...(promotion === undefined ? [] : referenceWarnings('promotion', promotion, offered, readable(context, 'promotion'))),
      ...(await campaignWarnings(context, row, campaign, group)),
    ],
    counting: countingOf(context, row, group),
  }
}

function contentWords({ template }: CampaignDefinition): string[] {
  if (!template) return []
  const { subject, preheader, content } = template
  return [
    ...(subject === undefined ? [] : [`Subject ${quoted(subject)}.`]),
    ...(preheader === undefined ? [] : [`Preheader ${quoted(preheader)}.`]),
    ...(content === undefined ? [] : [`Content of ${content.length.toLocaleString('en')} characters.`]),
  ]
}

function timeWords({ principal }: Reviewing, { startsAt, endsAt }: ReviewRow, { schedule }: CampaignDefinition): string[] {
  const { timeZone } = principal.account
  const day = (instant: Date | null | undefined) => (instant ? dayOf(instant, timeZone) : undefined)
  const [from, to] = [day(startsAt), day(endsAt)]
  return [
    schedule?.sendAt === undefined
      ? 'It has no time of sending.'
      : `It is sent at ${localTimeOf(new Date(schedule.sendAt), timeZone)} (${timeZone}), once a person has approved it.`,
    ...(from === undefined && to === undefined
      ? []
      : [`Active ${from === undefined ? '' : `from ${from}`}${to === undefined ? '' : `${from === undefined ? '' : ' '}until ${to}, that day included`}.`]),
  ]
}

function testWords({ variants, controlShare }: CampaignDefinition): string[] {
  const arms = variants.map(
    ({ name, share, subject }) => `${said(name)}${share === undefined ? '' : ` ${percent(share)}`}${subject === undefined ? '' : `, subject ${quoted(subject)}`}`,
  )
  return [...(arms.length ? [`Variants: ${arms.join('; ')}.`] : []), ...(controlShare ? [`${percent(controlShare)} of the audience is held out as a control group.`] : [])]
}

function placeWords(brand: Named | undefined, folder: Named | undefined, tags: readonly string[]): string[] {
  return [
    ...(brand ? [`Of the brand ${said(brand.name)}.`] : []),
    ...(folder ? [`In the folder ${said(folder.name)}.`] : []),
    ...(tags.length ? [`Tags: ${tags.map(said).join(', ')}.`] : []),
  ]
}

/** A stored group is counted as it stands, one of the same call by its rule. */
function countingOf({ ruleAt }: Reviewing, { channel }: ReviewRow, group: Named | undefined): Counting | undefined {
  if (!group) return undefined
  if (group.id !== undefined) return { ask: { targetGroup: group.id }, channel }
  const { predicate, priority, exclusions } = targetGroupDefinition.parse(group.definition)
  return predicate && { ask: { tree: predicate as unknown as Record<string, unknown>, unstored: { at: ruleAt, priority, exclusions } }, channel }
}
