/** Campaigns of an organization: what they offer, where, and how far they are. For figures there are the reports. Changes nothing. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { cursor, limitUpTo, textUpTo } from '../../core/arguments.ts'
import { MercatError } from '../../core/errors.ts'
import { label } from '../../core/match.ts'
import { coverageSchema, pageAt, pageLine } from '../../core/page.ts'
import { dayOf } from '../../core/period.ts'
import { clip, inline } from '../../core/text.ts'
import { campaignDefinition, entityType } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { type NextStep, nextStepSchema, nextStepText } from '../writes/index.ts'
import { type Installation, toolOf } from './context.ts'
import { oneOf, organizationArgument, organizationOf } from './find.ts'
import { cutPage, positionOf, usualRows } from './paging.ts'
import { namesByKey, type Row, rowsPage } from './rows-repository.ts'

export const organizationCampaignsInput = z.strictObject({
  organizationId: organizationArgument,
  status: textUpTo(40).optional(),
  country: textUpTo(40).optional().describe('ISO 3166-1 alpha-2: campaigns of this country, and those of all'),
  nameContains: textUpTo(200).optional(),
  limit: limitUpTo(200),
  cursor,
})

const link = z.object({ key: z.string(), id: z.string().optional(), name: z.string().optional() })
const campaign = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  status: z.string(),
  channel: z.string().optional(),
  /** Empty: everywhere. */
  countries: z.array(z.string()),
  startDate: z.string().optional(),
  endDate: z.string().optional(),
  webapp: link.optional(),
  products: z.array(z.string()),
  optIns: z.array(z.string()),
  formFields: z.int(),
  /** Where it was made; `mcp`: by a tool. */
  origin: z.string(),
})

export const organizationCampaignsOutput = z.object({
  organization: z.object({ id: z.string(), name: z.string() }),
  campaigns: z.array(campaign),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  asked: z.record(z.string(), z.string()),
  nextStep: nextStepSchema.nullable(),
})
export type OrganizationCampaigns = z.output<typeof organizationCampaignsOutput>

export async function organizationCampaigns(
  { db }: Pick<Stores, 'db'>,
  principal: Principal,
  input: z.output<typeof organizationCampaignsInput>,
  installation: Installation,
): Promise<OrganizationCampaigns> {
  requireScopes(principal, 'read:campaigns')
  const { id, name } = await organizationOf(db, principal, input.organizationId)
  const { statuses } = entityType('campaign')
  const status = input.status?.trim() ? oneOf(input.status, statuses, 'status', { one: 'status of a campaign', many: 'statuses' }) : undefined
  const country = input.country?.trim() ? countryOf(input.country) : undefined
  const nameContains = input.nameContains?.trim() || undefined
  const asked = { organizationId: id, ...(status ? { status } : {}), ...(country ? { country } : {}), ...(nameContains ? { nameContains: label(nameContains) } : {}) }
  const before = positionOf(input.cursor, asked)
  const filter = { organizationId: id, statuses: status && [status], country, nameContains }
  const { rows, of } = await rowsPage(db, principal, 'campaign', filter, before, input.limit ?? usualRows)
  const definitions = rows.map((row) => stored.safeParse(row.definition).data ?? {})
  const webapps = await namesByKey(
    db,
    principal,
    'webapp',
    definitions.flatMap(({ webapp }) => webapp ?? []),
  )
  const empty: NextStep = {
    by: 'tool',
    what: 'the organization has no campaign yet.',
    tool: toolOf(installation, 'create_campaign'),
    arguments: { organizationId: id, webapp: { mode: 'create' } },
  }
  return {
    organization: { id, name },
    campaigns: rows.map((row, index) => toCampaign(row, definitions[index] ?? {}, webapps, principal.account.timeZone)),
    ...pageAt(before, rows.length, of, asked),
    asked,
    nextStep: of === 0 && !status && !country && !nameContains ? empty : null,
  }
}

/** A later version of the type may ask for more than is stored. */
const stored = campaignDefinition.partial()
type Definition = z.output<typeof stored>

function toCampaign(row: Row, { countries, webapp, products, optIns, form }: Definition, webapps: Awaited<ReturnType<typeof namesByKey>>, zone: string): z.output<typeof campaign> {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    status: row.status,
    ...(row.channel === null ? {} : { channel: row.channel }),
    countries: countries ?? [],
    ...(row.startsAt === null ? {} : { startDate: dayOf(new Date(row.startsAt), zone) }),
    ...(row.endsAt === null ? {} : { endDate: dayOf(new Date(row.endsAt), zone) }),
    ...(webapp === undefined ? {} : { webapp: { key: webapp, ...webapps.get(webapp) } }),
    products: products ?? [],
    optIns: (optIns ?? []).map((one) => one.name),
    formFields: form?.length ?? 0,
    origin: row.origin,
  }
}

/** Throws `invalid_arguments` for what is no country. */
export function countryOf(given: string): string {
  const country = given.trim().toUpperCase()
  if (/^[A-Z]{2}$/.test(country)) return country
  throw new MercatError('invalid_arguments', `country is ${JSON.stringify(clip(given, 40))}`, {
    argument: 'country',
    value: clip(given, 40),
    hint: 'Send the two letters of ISO 3166-1, like DE.',
  })
}

export const cutCampaigns = (answer: OrganizationCampaigns, count: number): OrganizationCampaigns => cutPage(answer, 'campaigns', count)

export function campaignsText({ organization, campaigns, coverage, nextCursor, asked, nextStep }: OrganizationCampaigns): string {
  const { organizationId: _, ...filters } = asked
  const words = Object.entries(filters).map(([name, value]) => `${name} ${inline(value)}`)
  return [
    `Campaigns of **${inline(label(organization.name))}** (${organization.id}): ${pageLine(coverage, nextCursor)}${words.length ? `; filters: ${words.join(', ')}` : ''}`,
    ...campaigns.map((one) => {
      const facts = [
        one.channel,
        one.countries.length ? one.countries.join(' ') : 'all countries',
        one.startDate || one.endDate ? `${one.startDate ?? 'open'} to ${one.endDate ?? 'open'}` : undefined,
        one.webapp ? `webapp ${inline(label(one.webapp.name ?? one.webapp.key))}` : undefined,
        one.products.length ? `products ${one.products.map(label).map(inline).join(', ')}` : undefined,
        one.optIns.length ? `opt-ins ${one.optIns.map(label).map(inline).join(', ')}` : undefined,
        one.formFields ? `${one.formFields} form fields` : undefined,
      ]
      return `- ${one.id} **${inline(label(one.name))}** (${one.key === one.name ? '' : `key ${inline(label(one.key))}, `}${one.status}): ${facts.filter(Boolean).join('; ')}`
    }),
    ...(nextStep ? [nextStepText(nextStep)] : []),
  ].join('\n')
}
