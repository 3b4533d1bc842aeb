/** Webapps of an organization: languages, look, content, tags and the campaigns that use them. Changes nothing. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { cursor, limitUpTo } from '../../core/arguments.ts'
import { label } from '../../core/match.ts'
import { coverageSchema, pageAt, pageLine } from '../../core/page.ts'
import { inline } from '../../core/text.ts'
import { webappDefinition } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { type Installation, linkTo } from './context.ts'
import { organizationArgument, organizationOf } from './find.ts'
import { cutPage, positionOf, usualRows } from './paging.ts'
import { campaignsByWebapp, namesByKey, rowsPage } from './rows-repository.ts'

export const webappsInput = z.strictObject({ organizationId: organizationArgument, limit: limitUpTo(200), cursor })

const link = z.object({ key: z.string(), id: z.string().optional(), name: z.string().optional() })
const webapp = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  status: z.string(),
  languages: z.array(z.string()),
  branding: link.optional(),
  content: link.optional(),
  privacyUrl: z.string().optional(),
  gtmId: z.string().optional(),
  /** Where its funnel comes from: the property, or Mercat's own web events. */
  googleAnalyticsPropertyId: z.string().optional(),
  campaigns: z.int(),
})

export const webappsOutput = z.object({
  organization: z.object({ id: z.string(), name: z.string() }),
  webapps: z.array(webapp),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  asked: z.object({ organizationId: z.string() }),
  link: z.string(),
})
export type Webapps = z.output<typeof webappsOutput>

export async function webapps({ db }: Pick<Stores, 'db'>, principal: Principal, input: z.output<typeof webappsInput>, installation: Installation): Promise<Webapps> {
  requireScopes(principal, 'read:webapps')
  const { id, name } = await organizationOf(db, principal, input.organizationId)
  const asked = { organizationId: id }
  const before = positionOf(input.cursor, asked)
  const { rows, of } = await rowsPage(db, principal, 'webapp', asked, before, input.limit ?? usualRows)
  const definitions = rows.map((row) => webappDefinition.partial().safeParse(row.definition).data ?? {})
  const keys = (field: 'branding' | 'content') => definitions.flatMap((definition) => definition[field] ?? [])
  const [brandings, contents, campaigns] = [
    await namesByKey(db, principal, 'branding', keys('branding')),
    await namesByKey(db, principal, 'content_profile', keys('content')),
    await campaignsByWebapp(db, principal, id),
  ]
  return {
    organization: { id, name },
    webapps: rows.map((row, index) => {
      const { languages, branding, content, privacyUrl, gtmId, googleAnalytics } = definitions[index] ?? {}
      return {
        id: row.id,
        key: row.key,
        name: row.name,
        status: row.status,
        languages: languages ?? [],
        ...(branding === undefined ? {} : { branding: { key: branding, ...brandings.get(branding) } }),
        ...(content === undefined ? {} : { content: { key: content, ...contents.get(content) } }),
        ...(privacyUrl === undefined ? {} : { privacyUrl }),
        ...(gtmId === undefined ? {} : { gtmId }),
        ...(googleAnalytics === undefined ? {} : { googleAnalyticsPropertyId: googleAnalytics.propertyId }),
        campaigns: campaigns.get(row.key) ?? 0,
      }
    }),
    ...pageAt(before, rows.length, of, asked),
    asked,
    link: linkTo(installation, principal.account, id, 'webapps'),
  }
}

export const cutWebapps = (answer: Webapps, count: number): Webapps => cutPage(answer, 'webapps', count)

export function webappsText({ organization, webapps: rows, coverage, nextCursor, link: page }: Webapps): string {
  const named = (what: string, one: z.output<typeof link> | undefined) => (one ? `${what} ${inline(label(one.name ?? one.key))}${one.id ? ` (${one.id})` : ''}` : undefined)
  return [
    `Webapps of **${inline(label(organization.name))}** (${organization.id}): ${pageLine(coverage, nextCursor)}`,
    ...rows.map((one) => {
      const facts = [
        one.languages.join(' '),
        named('branding', one.branding),
        named('content', one.content),
        one.privacyUrl ? `privacy ${inline(one.privacyUrl)}` : undefined,
        one.gtmId,
        one.googleAnalyticsPropertyId ? `Google Analytics ${one.googleAnalyticsPropertyId}` : undefined,
        `${one.campaigns} campaigns`,
      ]
      return `- ${one.id} **${inline(label(one.name))}** (key ${inline(label(one.key))}, ${one.status}): ${facts.filter(Boolean).join('; ')}`
    }),
    ...(coverage.of === 0 ? ['It has none yet: create_campaign with webapp.mode "create" makes one.'] : [`Previews: ${page}`]),
  ].join('\n')
}
