/** Makes a campaign of an organization, with a new webapp or an existing one: complete, and a draft until a person switches it on in the dashboard. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { nameField, textUpTo } from '../../core/arguments.ts'
import { MercatError } from '../../core/errors.ts'
import { label } from '../../core/match.ts'
import { dayOf } from '../../core/period.ts'
import { inline } from '../../core/text.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import type { Organization } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import {
  assertNameFree,
  assertSeesMade,
  type Days,
  daysOf,
  insertProposal,
  insertRows,
  lockAccount,
  type NewRow,
  newRow,
  type NextStep,
  nextStepSchema,
  nextStepText,
  once,
  writeArguments,
} from '../writes/index.ts'
import { type Installation, linkTo, toolOf } from './context.ts'
import { entityOf, organizationArgument, organizationOf } from './find.ts'
import type { Row } from './rows-repository.ts'
import { campaignFields, webappFields } from './write-fields.ts'

export const createCampaignInput = z.strictObject({
  organizationId: organizationArgument,
  name: nameField,
  countries: campaignFields.countries,
  startDate: textUpTo(40).optional().describe('yyyy-MM-dd: the first day it may be used; default: open'),
  endDate: textUpTo(40).optional().describe('yyyy-MM-dd: the last day, inclusive; default: open'),
  webapp: z.strictObject({
    mode: z.enum(['create', 'link']).describe('create: webapp, branding and content from defaults; link: one that there is'),
    webappId: textUpTo(200).optional().describe('link: id, key or exact name'),
    name: nameField.optional(),
    ...webappFields,
    googleAnalyticsPropertyId: z
      .string()
      .regex(/^\d{4,20}$/, 'must be the number of a property')
      .optional(),
  }),
  optIns: campaignFields.optIns.describe('What visitors may agree to'),
  form: campaignFields.form.describe('What visitors fill in'),
  ...writeArguments,
})
type Input = z.output<typeof createCampaignInput>

const made = z.object({ type: z.string(), id: z.string().optional(), key: z.string(), name: z.string(), status: z.string() })
export const createCampaignOutput = z.object({
  validateOnly: z.boolean(),
  repeated: z.boolean().describe('true: an earlier call with this idempotencyKey made it'),
  organization: z.object({ id: z.string(), name: z.string() }),
  campaign: made.extend({ countries: z.array(z.string()), startDate: z.string().nullable(), endDate: z.string().nullable(), optIns: z.array(z.string()), formFields: z.int() }),
  created: z.array(made).describe('Everything that was made, the campaign first'),
  linked: z.array(made),
  warnings: z.array(z.string()),
  link: z.string(),
  nextStep: nextStepSchema,
})
export type CreatedCampaign = z.output<typeof createCampaignOutput>

interface Plan {
  readonly rows: readonly NewRow[]
  readonly linked: readonly Row[]
}

export async function createCampaign(stores: Stores, principal: Principal, input: Input, installation: Installation): Promise<CreatedCampaign> {
  requireScopes(principal, 'create:campaigns')
  assertSeesMade(principal, 'the campaign')
  const { validateOnly, idempotencyKey, ...wanted } = input
  const { timeZone } = principal.account
  const organization = await organizationOf(stores.db, principal, input.organizationId)
  const days = daysOf(input, timeZone)
  assertWebapp(input.webapp)
  const plan = async (db: DbOrTransaction) => await planOf(db, principal, organization, input, days)
  const { result, repeated } = validateOnly
    ? { result: shownOf(await plan(stores.db), true), repeated: false }
    : await once(stores, principal, { tool: 'create_campaign', idempotencyKey, arguments: wanted }, async (transaction) => {
        // Of two that make the same name at once, the second sees the first.
        await lockAccount(transaction, principal.account.id)
        const planned = await plan(transaction)
        await insertRows(transaction, principal, organization.id, planned.rows)
        const [campaign] = planned.rows
        if (campaign) await insertProposal(transaction, principal, campaign, { tool: 'create_campaign', now: stores.clock() })
        return shownOf(planned, false)
      })
  const [campaign] = result.created
  if (!campaign) throw new Error('A campaign was made without a row')
  return {
    validateOnly,
    repeated,
    organization: { id: organization.id, name: organization.name },
    campaign: {
      ...campaign,
      countries: [...new Set(input.countries)],
      startDate: days.start ?? null,
      endDate: days.end ?? null,
      optIns: input.optIns.map(({ name }) => name),
      formFields: input.form.length,
    },
    created: [...result.created],
    linked: [...result.linked],
    warnings: warningsOf(input, days, dayOf(stores.clock(), timeZone)),
    link: linkTo(installation, principal.account, organization.id, 'campaigns'),
    nextStep: nextOf(campaign.id, validateOnly, installation),
  }
}

/** Each mode has its own arguments: one of the other mode would be passed over in silence. */
function assertWebapp({ mode, webappId, ...own }: Input['webapp']): void {
  const given = Object.entries(own).find(([, value]) => value !== undefined)?.[0]
  if (mode === 'link' && !webappId?.trim())
    throw new MercatError('invalid_arguments', 'webapp.webappId is missing', {
      argument: 'webapp.webappId',
      hint: 'Send one that list_organization_webapps lists, or webapp.mode "create".',
    })
  if (mode === 'link' && given !== undefined)
    throw new MercatError('invalid_arguments', `webapp.${given} does not go with webapp.mode "link"`, {
      argument: `webapp.${given}`,
      hint: 'An existing webapp is not changed: leave it out.',
    })
  if (mode === 'create' && webappId !== undefined)
    throw new MercatError('invalid_arguments', 'webapp.webappId does not go with webapp.mode "create"', {
      argument: 'webapp.webappId',
      hint: 'Leave it out, or send webapp.mode "link".',
    })
}

async function planOf(db: DbOrTransaction, principal: Principal, organization: Organization, input: Input, days: Days): Promise<Plan> {
  const { name, webapp } = input
  await assertNameFree(db, principal, 'campaign', name)
  const existing = webapp.mode === 'link' ? await entityOf(db, principal, 'webapp', webapp.webappId ?? '', 'webapp.webappId', organization.id) : undefined
  if (existing?.status === 'archived')
    throw new MercatError('conflict', `The webapp ${JSON.stringify(label(existing.name))} is archived`, { argument: 'webapp.webappId', hint: 'Link another, or create one.' })
  const around = existing ? [] : await webappRows(db, principal, input)
  const campaign = await newRow(
    db,
    principal,
    'campaign',
    name,
    { kind: 'bulk', countries: [...new Set(input.countries)], webapp: existing?.key ?? around[0]?.key, optIns: input.optIns, form: input.form },
    { startsAt: days.startsAt, endsAt: days.endsAt },
  )
  return { rows: [campaign, ...around], linked: existing ? [existing] : [] }
}

const defaultLook = {
  colours: { primary: '#1f3a5f', accent: '#e07a2f', background: '#ffffff' },
  fonts: { heading: 'Inter', body: 'Inter' },
  shapes: { button: 'rounded', card: 'rounded' },
}

/** A webapp, and the branding and content it is made of; texts that nobody wrote yet fall back to the default. */
async function webappRows(db: DbOrTransaction, principal: Principal, { name, webapp }: Input): Promise<NewRow[]> {
  const title = webapp.name ?? name
  const languages = webapp.languages ?? ['en']
  const branding = await newRow(db, principal, 'branding', `${title} look`, defaultLook)
  const content = await newRow(db, principal, 'content_profile', `${title} texts`, {
    translations: Object.fromEntries(languages.map((language) => [language, { start: { title } }])),
  })
  const made = await newRow(db, principal, 'webapp', title, {
    languages,
    branding: branding.key,
    content: content.key,
    ...(webapp.privacyUrl === undefined ? {} : { privacyUrl: webapp.privacyUrl }),
    ...(webapp.gtmId === undefined ? {} : { gtmId: webapp.gtmId }),
    ...(webapp.googleAnalyticsPropertyId === undefined ? {} : { googleAnalytics: { propertyId: webapp.googleAnalyticsPropertyId } }),
  })
  return [made, branding, content]
}

type Made = z.output<typeof made>

function shownOf({ rows, linked }: Plan, withoutIds: boolean): { created: Made[]; linked: Made[] } {
  return {
    created: rows.map(({ type, id, key, name }) => ({ type, ...(withoutIds ? {} : { id }), key, name, status: 'draft' })),
    linked: linked.map(({ id, key, name, status }) => ({ type: 'webapp', id, key, name, status })),
  }
}

function warningsOf({ webapp, optIns, form }: Input, { start, end }: Days, today: string): string[] {
  const address = form.some(({ kind }) => kind === 'email' || kind === 'phone' || kind === 'address')
  return [
    ...(end !== undefined && end < today ? [`Its last day, ${end}, is over already.`] : []),
    ...(start !== undefined && start < today ? [`Its first day, ${start}, is in the past.`] : []),
    ...(webapp.mode === 'create' && webapp.privacyUrl === undefined ? ['The webapp has no privacy page yet (webapp.privacyUrl).'] : []),
    ...(address && webapp.mode === 'create' && webapp.privacyUrl === undefined ? ['The form asks for personal data: a privacy page is needed before it is switched on.'] : []),
    ...(optIns.some(({ preselected }) => preselected) ? ['An opt-in is preselected: in many countries that is no consent.'] : []),
    ...(optIns.length === 0 ? ['It has no opt-in: nobody will agree to hear from the client again.'] : []),
  ]
}

function nextOf(campaignId: string | undefined, validateOnly: boolean, installation: Installation): NextStep {
  if (validateOnly)
    return { by: 'tool', what: 'if this is right, make it: the same arguments without validateOnly, and an idempotencyKey.', tool: toolOf(installation, 'create_campaign') }
  return {
    by: 'tool',
    what: 'step 3 of 4: choose its products; list_product_catalog has them.',
    tool: toolOf(installation, 'campaign_product_setup'),
    arguments: { campaignId, products: [], validateOnly: true },
  }
}

export function createdCampaignText(answer: CreatedCampaign): string {
  const { validateOnly, repeated, organization, campaign, created, linked, warnings, link, nextStep } = answer
  const head = validateOnly ? 'Would make' : repeated ? 'Was made before by this call' : 'Made'
  const row = ({ type, id, key, name, status }: Made) => `- ${type.replace('_', ' ')} ${id ?? ''} **${inline(label(name))}** (key ${inline(key)}, ${status})`.replace('  ', ' ')
  return [
    `${head} for **${inline(label(organization.name))}** (${organization.id}):`,
    ...created.map(row),
    ...linked.map((one) => `${row(one)}: linked, not changed`),
    `Campaign: ${campaign.countries.join(' ')}; ${campaign.startDate || campaign.endDate ? `${campaign.startDate ?? 'any day'} to ${campaign.endDate ?? 'any day'}` : 'on any day'}; opt-ins ${campaign.optIns.map(label).map(inline).join(', ') || 'none'}; ${campaign.formFields} form fields. It is a draft: a person switches it on in the dashboard.`,
    ...warnings.map((line) => `- Mind: ${line}`),
    ...(validateOnly ? [] : [link]),
    nextStepText(nextStep),
  ].join('\n')
}
