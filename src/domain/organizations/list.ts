/** The organizations that a person sees, each with how far it is. Changes nothing. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { cursor, limitUpTo, textUpTo } from '../../core/arguments.ts'
import { label } from '../../core/match.ts'
import { coverageSchema, pageAt, pageLine } from '../../core/page.ts'
import { inline } from '../../core/text.ts'
import { listOrganizations } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { type Installation, linkTo } from './context.ts'
import { stepsDone } from './onboarding.ts'
import { detailsOfAll } from './organizations-repository.ts'
import { cutPage, positionOf, usualRows } from './paging.ts'
import { campaignStages, countByOrganization } from './rows-repository.ts'

export const listOrganizationsInput = z.strictObject({ nameContains: textUpTo(200).optional(), limit: limitUpTo(200), cursor })

const row = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  currency: z.string(),
  country: z.string().optional(),
  campaigns: z.int(),
  activeCampaigns: z.int(),
  webapps: z.int(),
  onboarding: z.string().describe('Steps done of 4'),
  since: z.string(),
  link: z.string(),
})
export const listOrganizationsOutput = z.object({
  organizations: z.array(row),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  asked: z.object({ nameContains: z.string().optional() }),
})
export type OrganizationList = z.output<typeof listOrganizationsOutput>

export async function organizationList(
  { db }: Pick<Stores, 'db'>,
  principal: Principal,
  input: z.output<typeof listOrganizationsInput>,
  installation: Installation,
): Promise<OrganizationList> {
  requireScopes(principal, 'manage:organization')
  const part = input.nameContains?.trim().toLowerCase()
  const asked = part ? { nameContains: label(part) } : {}
  const all = (await listOrganizations(db, principal)).filter(({ name }) => !part || name.toLowerCase().includes(part))
  const before = positionOf(input.cursor, asked)
  const page = all.slice(before, before + (input.limit ?? usualRows))
  const [details, stages, webapps] = [
    await detailsOfAll(
      db,
      principal.account.id,
      page.map(({ id }) => id),
    ),
    await campaignStages(db, principal),
    await countByOrganization(db, principal, 'webapp'),
  ]
  return {
    organizations: page.map(({ id, key, name, currency }) => {
      const more = details.get(id)
      const own = stages.get(id)
      return {
        id,
        key,
        name,
        currency,
        ...(more?.details.country === undefined ? {} : { country: more.details.country }),
        campaigns: own?.campaigns ?? 0,
        activeCampaigns: own?.active ?? 0,
        webapps: webapps.get(id) ?? 0,
        onboarding: `${stepsDone(own)} of 4`,
        since: more?.createdAt.toISOString() ?? '',
        link: linkTo(installation, principal.account, id),
      }
    }),
    ...pageAt(before, page.length, all.length, asked),
    asked,
  }
}

export const cutOrganizations = (answer: OrganizationList, count: number): OrganizationList => cutPage(answer, 'organizations', count)

export function organizationsText({ organizations, coverage, nextCursor }: OrganizationList): string {
  return [
    `Organizations: ${pageLine(coverage, nextCursor)}`,
    ...organizations.map(
      ({ id, key, name, currency, country, campaigns, activeCampaigns, webapps, onboarding }) =>
        `- ${id} **${inline(label(name))}** (key ${inline(label(key))}, ${currency}${country ? `, ${country}` : ''}): ${campaigns} campaigns, ${activeCampaigns} active; ${webapps} webapps; onboarding ${onboarding}`,
    ),
    ...(coverage.of === 0 ? ['Next: create_organization makes one; mercat import takes them from files.'] : []),
  ].join('\n')
}
