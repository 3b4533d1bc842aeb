/** Proposes a campaign, and with it the target group that its audience describes. */
import { requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { parseLocalTime } from '../../core/local-time.ts'
import { clip } from '../../core/text.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { daysOf, nameTaken, type NewRow, newRow } from '../writes/index.ts'
import type { DraftAnswer, Warning } from './answer.ts'
import { type Context, said } from './context.ts'
import type { CampaignDraftInput } from './inputs.ts'
import { type Plan, propose } from './propose.ts'
import { maybeRef } from './references.ts'
import type { Ref } from './rows-repository.ts'
import { type Rule, ruleOf } from './rules.ts'

export async function proposeCampaign(context: Context, input: CampaignDraftInput): Promise<DraftAnswer> {
  requireScopes(context.principal, 'create:campaigns', ...(input.audience === undefined ? [] : (['create:segments'] as const)))
  return await propose(context, 'create_campaign_draft', input, planOf)
}

interface Parts {
  readonly group: Ref | undefined
  readonly audience: Rule | undefined
  readonly promotion: Ref | undefined
  readonly brand: Ref | undefined
  readonly folder: Ref | undefined
}

async function planOf(context: Context, input: CampaignDraftInput): Promise<Plan> {
  const { timeZone } = context.principal.account
  if (input.targetGroup !== undefined && input.audience !== undefined) {
    throw new MercatError('invalid_arguments', 'There are two audiences: targetGroup and audience', { argument: 'audience', hint: 'Send one of the two.' })
  }
  const variants = variantsOf(input)
  const days = daysOf(input, timeZone)
  const sent = input.sendAt?.trim() ? parseLocalTime(input.sendAt, timeZone, 'sendAt') : undefined
  const parts: Parts = {
    group: await maybeRef(context, 'target_group', input.targetGroup, 'targetGroup'),
    audience: input.audience === undefined ? undefined : await ruleOf(context, input.audience, 'audience'),
    promotion: await maybeRef(context, 'promotion', input.promotion, 'promotion'),
    brand: await maybeRef(context, 'brand', input.brand, 'brand'),
    folder: await maybeRef(context, 'folder', input.folder, 'folder'),
  }
  const twice: Warning[] = sent?.twice
    ? [
        {
          code: 'send_time_twice',
          text: `Clocks are set back that day and show ${input.sendAt ?? ''} twice: the first of the two is taken. Choose another time unless that is meant.`,
        },
      ]
    : []
  const columns = {
    channel: input.channel,
    startsAt: days.startsAt,
    endsAt: days.endsAt,
    brandId: parts.brand?.id,
    folderId: parts.folder?.id,
    tags: tagsOf(input),
  }
  const definition = (targetGroup: string | undefined) => ({
    kind: input.kind,
    ...(targetGroup === undefined ? {} : { targetGroup }),
    ...templateOf(input),
    ...(sent ? { schedule: { sendAt: sent.iso, timeZone } } : {}),
    variants,
    ...(input.controlShare === undefined ? {} : { controlShare: input.controlShare }),
    countries: [...new Set(input.countries ?? [])],
    ...(parts.promotion ? { promotion: parts.promotion.key } : {}),
  })
  return {
    rows: async (db) => {
      const group = parts.audience && (await groupRow(context, db, input.name, parts.audience, parts.brand))
      const campaign = await newRow(db, context.principal, 'campaign', input.name, definition(group?.key ?? parts.group?.key), columns)
      return group ? [campaign, group] : [campaign]
    },
    understood: parts.audience?.phrases ?? [],
    description: parts.audience?.words,
    ruleAt: 'audience',
    warnings: twice,
  }
}

/** The target group of the audience, under a name that nobody has. */
async function groupRow({ principal }: Context, db: DbOrTransaction, campaign: string, { tree }: Rule, brand: Ref | undefined): Promise<NewRow> {
  const base = `Audience of ${clip(campaign, 180)}`
  let name = base
  for (let number = 2; await nameTaken(db, principal, 'target_group', name); number++) name = `${base} ${number}`
  return await newRow(db, principal, 'target_group', name, { predicate: tree, exclusions: [] }, { brandId: brand?.id })
}

function templateOf({ subject, preheader, content }: CampaignDraftInput) {
  const template = { ...(subject === undefined ? {} : { subject }), ...(preheader === undefined ? {} : { preheader }), ...(content === undefined ? {} : { content }) }
  return Object.keys(template).length ? { template } : {}
}

/** One line each, each once. */
function tagsOf({ tags = [] }: CampaignDraftInput): string[] {
  return [...new Set(tags.map((tag) => tag.trim()).filter(Boolean))]
}

function variantsOf({ variants = [] }: CampaignDraftInput) {
  const wrong = (message: string, hint: string) => new MercatError('invalid_arguments', message, { argument: 'variants', hint })
  const names = variants.map(({ name }) => name.trim())
  if (names.some((name) => !name)) throw wrong('A variant has no name', 'Name every variant: events carry the name.')
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw wrong(`Two variants are called ${said(twice)}`, 'Name each differently: events tell them apart by name.')
  const shares = variants.flatMap(({ share }) => share ?? [])
  const negative = shares.find((share) => share < 0 || share > 1)
  if (negative !== undefined) throw wrong(`A variant has the share ${negative}`, 'A share is from 0 to 1.')
  if (shares.length > 0 && shares.length < variants.length) throw wrong('Some variants have a share and some have none', 'Give each a share, or none.')
  const sum = shares.reduce((total, share) => total + share, 0)
  if (shares.length > 0 && Math.abs(sum - 1) > 1e-6)
    throw wrong(`The shares of the variants come to ${Number(sum.toFixed(6))}`, 'Make them come to 1; the control group is apart (controlShare).')
  return variants.map(({ name, share, subject }) => ({ name: name.trim(), ...(share === undefined ? {} : { share }), ...(subject === undefined ? {} : { subject }) }))
}
