/** The onboarding of a client: four steps read off what there is, so that a checklist never disagrees with it, and the platform's own steps as imported. Changes nothing. */
import { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import { label } from '../../core/match.ts'
import { inline } from '../../core/text.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { type Organization, type OrganizationDetails, visibleEntities } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { type NextStep, nextStepSchema, nextStepText } from '../writes/index.ts'
import { type Installation, linkTo, toolOf } from './context.ts'
import { organizationArgument, organizationOf } from './find.ts'
import { detailsOf } from './organizations-repository.ts'
import { type CampaignStages, campaignStages } from './rows-repository.ts'

export const onboardingInput = z.strictObject({ organizationId: organizationArgument })

const step = z.object({
  step: z.string(),
  title: z.string(),
  state: z.enum(['open', 'done', 'not_needed']),
  /** When it was done, where that is known. */
  date: z.string().optional(),
  /** Done by then at the latest: nobody kept the day itself. */
  doneBy: z.string().optional(),
  by: z.enum(['mercat', 'platform']),
})
export type OnboardingStep = z.output<typeof step>

export const onboardingOutput = z.object({
  organization: z.object({ id: z.string(), key: z.string(), name: z.string(), currency: z.string() }),
  steps: z.array(step),
  done: z.int(),
  of: z.int(),
  nextStep: nextStepSchema.nullable(),
  link: z.string(),
})
export type Onboarding = z.output<typeof onboardingOutput>

const none: CampaignStages = {
  campaigns: 0,
  active: 0,
  first: null,
  withWebapp: 0,
  firstWithWebapp: null,
  withProducts: 0,
  productsBy: null,
  switchedOn: 0,
  switchedOnBy: null,
}

export async function onboarding({ db }: Pick<Stores, 'db'>, principal: Principal, given: string | undefined, installation: Installation): Promise<Onboarding> {
  const organization = await organizationOf(db, principal, given)
  const { details, createdAt } = await detailsOf(db, principal.account.id, organization.id)
  const stages = (await campaignStages(db, principal)).get(organization.id) ?? none
  const steps = stepsOf(organization, details, createdAt, stages)
  return {
    organization,
    steps,
    done: steps.filter(({ state }) => state !== 'open').length,
    of: steps.length,
    nextStep: await nextOf(db, principal, organization, stages, steps, installation),
    link: linkTo(installation, principal.account, organization.id),
  }
}

/** How many of the four steps of Mercat are done: what lists show. */
export function stepsDone(stages: CampaignStages | undefined): number {
  const { withWebapp, withProducts, switchedOn } = stages ?? none
  return 1 + Number(withWebapp > 0) + Number(withProducts > 0) + Number(switchedOn > 0)
}

function stepsOf({ name }: Organization, { onboarding: own = [] }: OrganizationDetails, createdAt: Date, stages: CampaignStages): OnboardingStep[] {
  const mercat = (id: string, title: string, done: boolean, when: { date?: Date | null; doneBy?: Date | null }): OnboardingStep => ({
    step: id,
    title,
    state: done ? 'done' : 'open',
    ...(done && when.date ? { date: when.date.toISOString() } : {}),
    ...(done && when.doneBy ? { doneBy: when.doneBy.toISOString() } : {}),
    by: 'mercat',
  })
  return [
    mercat('organization', `${label(name)} is an organization of the account`, true, { date: createdAt }),
    mercat('campaign', 'A campaign with its webapp', stages.withWebapp > 0, { date: stages.firstWithWebapp }),
    mercat('products', 'Products in the campaign', stages.withProducts > 0, { doneBy: stages.productsBy }),
    mercat('activation', 'The campaign switched on by a person', stages.switchedOn > 0, { doneBy: stages.switchedOnBy }),
    ...own.map(({ name: title, state, date }, index): OnboardingStep => ({ step: `platform_${index + 1}`, title, state, ...(date === undefined ? {} : { date }), by: 'platform' })),
  ]
}

async function nextOf(
  db: DbOrTransaction,
  principal: Principal,
  { id }: Organization,
  stages: CampaignStages,
  steps: readonly OnboardingStep[],
  installation: Installation,
): Promise<NextStep | null> {
  const open = steps.find(({ state }) => state === 'open')
  if (!open) return null
  const link = linkTo(installation, principal.account, id, 'campaigns')
  if (open.step === 'campaign')
    return {
      by: 'tool',
      what: 'make a campaign with its webapp.',
      tool: toolOf(installation, 'create_campaign'),
      arguments: { organizationId: id, webapp: { mode: 'create' }, validateOnly: true },
    }
  if (open.step === 'products') {
    const campaign = await newestDraft(db, principal, id)
    const known = campaign === undefined ? {} : { campaignId: campaign }
    return {
      by: 'tool',
      what: 'choose products for the campaign; list_product_catalog has them.',
      tool: toolOf(installation, 'campaign_product_setup'),
      arguments: { ...known, products: [], validateOnly: true },
    }
  }
  if (open.step === 'activation')
    return { by: 'person', what: `a person with approve:drafts reviews the campaign${stages.campaigns > 1 ? 's' : ''} in the dashboard and approves it.`, link }
  return { by: 'person', what: `the platform's own step "${label(open.title)}" is open; it is done there.` }
}

/** The campaign that waits for products. */
async function newestDraft(db: DbOrTransaction, principal: Principal, organizationId: string): Promise<string | undefined> {
  const row = await visibleEntities(db, principal, 'campaign')
    .where('organization_id', '=', organizationId)
    .where('status', '=', 'draft')
    .select('id')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

export function onboardingText({ organization, steps, done, of, nextStep }: Onboarding): string {
  const when = ({ date, doneBy }: OnboardingStep) => (date ? ` on ${date.slice(0, 10)}` : doneBy ? ` by ${doneBy.slice(0, 10)} at the latest` : '')
  return [
    `Onboarding of **${inline(label(organization.name))}** (${organization.id}, ${organization.currency}): ${done} of ${of} steps done`,
    ...steps.map((one) => `- ${one.state.replace('_', ' ')}${when(one)}: ${inline(one.title)}${one.by === 'platform' ? ' (the platform’s own step)' : ''}`),
    nextStepText(nextStep),
  ].join('\n')
}
