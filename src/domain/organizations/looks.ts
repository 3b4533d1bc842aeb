/** What the webapps and products of an organization look like: content profiles, brandings, theme sets. One list each, made the same way. Changes nothing. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { cursor, limitUpTo } from '../../core/arguments.ts'
import { label } from '../../core/match.ts'
import { coverageSchema, pageAt, pageLine } from '../../core/page.ts'
import { inline } from '../../core/text.ts'
import { brandingDefinition, contentProfileDefinition, type EntityType, entityType, themeSetDefinition } from '../entities/index.ts'
import { fitDefinition } from '../explorer/index.ts'
import type { Stores } from '../stores.ts'
import { type Installation, linkTo } from './context.ts'
import { organizationArgument, organizationOf } from './find.ts'
import { cutPage, positionOf, usualRows } from './paging.ts'
import { namesByKey, type Row, rowsPage } from './rows-repository.ts'

export const looksInput = z.strictObject({ organizationId: organizationArgument, limit: limitUpTo(100), cursor })
type LooksInput = z.output<typeof looksInput>

const base = { id: z.string(), key: z.string(), name: z.string(), status: z.string() }
const around = {
  organization: z.object({ id: z.string(), name: z.string() }),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  asked: z.object({ organizationId: z.string() }),
  preview: z.string().describe('Page of the dashboard that shows them'),
}

export const contentOutput = z.object({
  ...around,
  rows: z.array(
    z.object({
      ...base,
      languages: z.array(z.string()),
      images: z.record(z.string(), z.string()),
      translations: z.record(z.string(), z.unknown()).describe('By language, section and name; what is empty falls back to the default'),
      /** Texts that one language has and another lacks, by language. */
      missing: z.record(z.string(), z.int()),
      support: z.array(z.string()),
      clipped: z.boolean(),
    }),
  ),
})
export type ContentList = z.output<typeof contentOutput>

export const brandingOutput = z.object({
  ...around,
  rows: z.array(z.object({ ...base, colours: z.record(z.string(), z.string()), fonts: z.record(z.string(), z.string()), shapes: z.record(z.string(), z.string()) })),
})
export type BrandingList = z.output<typeof brandingOutput>

const named = z.object({ key: z.string(), id: z.string().optional(), name: z.string().optional() })
export const themeSetsOutput = z.object({
  ...around,
  rows: z.array(
    z.object({
      ...base,
      templates: z.int(),
      templateNames: z.array(z.string()),
      images: z.array(z.string()),
      products: z.array(named),
      campaigns: z.array(named),
      /** Links beyond those listed. */
      more: z.int(),
    }),
  ),
})
export type ThemeSetList = z.output<typeof themeSetsOutput>

type Db = Pick<Stores, 'db'>['db']

/** One page of a type, each row made by `toRow`. */
async function listOf<Made>(db: Db, principal: Principal, type: EntityType, input: LooksInput, installation: Installation, toRows: (rows: readonly Row[]) => Promise<Made[]>) {
  const { scope } = entityType(type)
  if (scope) requireScopes(principal, scope)
  const { id, name } = await organizationOf(db, principal, input.organizationId)
  const asked = { organizationId: id }
  const before = positionOf(input.cursor, asked)
  const { rows, of } = await rowsPage(db, principal, type, asked, before, input.limit ?? usualRows)
  return {
    organization: { id, name },
    rows: await toRows(rows),
    ...pageAt(before, rows.length, of, asked),
    asked,
    preview: linkTo(installation, principal.account, id, type === 'theme_set' ? 'artwork' : 'webapps'),
  }
}

const head = ({ id, key, name, status }: Row) => ({ id, key, name, status })

export async function contentList({ db }: Pick<Stores, 'db'>, principal: Principal, input: LooksInput, installation: Installation): Promise<ContentList> {
  return await listOf(db, principal, 'content_profile', input, installation, async (rows) =>
    rows.map((row) => {
      const definition = contentProfileDefinition.safeParse(row.definition).data
      const { value, clipped } = fitDefinition({ images: definition?.images ?? {}, translations: definition?.translations ?? {} })
      const { images = {}, translations = {} } = value as { images?: Record<string, string>; translations?: Record<string, unknown> }
      return {
        ...head(row),
        languages: Object.keys(definition?.translations ?? {}),
        images,
        translations,
        missing: missingTexts(definition?.translations ?? {}),
        // Which ways there are; an address or number of somebody is none of an assistant's business.
        support: Object.keys(definition?.support ?? {}),
        clipped: clipped.length > 0,
      }
    }),
  )
}

function missingTexts(translations: z.output<typeof contentProfileDefinition>['translations']): Record<string, number> {
  const textsOf = new Map(
    Object.entries(translations).map(([language, sections]) => [
      language,
      new Set(Object.entries(sections).flatMap(([section, texts]) => Object.entries(texts).flatMap(([name, text]) => (text.trim() ? [`${section}.${name}`] : [])))),
    ]),
  )
  const all = new Set([...textsOf.values()].flatMap((texts) => [...texts]))
  return Object.fromEntries([...textsOf].flatMap(([language, texts]) => (texts.size < all.size ? [[language, all.size - texts.size] as const] : [])))
}

export async function brandingList({ db }: Pick<Stores, 'db'>, principal: Principal, input: LooksInput, installation: Installation): Promise<BrandingList> {
  return await listOf(db, principal, 'branding', input, installation, async (rows) =>
    rows.map((row) => ({ ...head(row), ...(brandingDefinition.safeParse(row.definition).data ?? { colours: {}, fonts: {}, shapes: {} }) })),
  )
}

/** Names and links of a kind that a row lists; the rest is counted. */
const mostNames = 30

export async function themeSetList({ db }: Pick<Stores, 'db'>, principal: Principal, input: LooksInput, installation: Installation): Promise<ThemeSetList> {
  return await listOf(db, principal, 'theme_set', input, installation, async (rows) => {
    const definitions = rows.map((row) => themeSetDefinition.safeParse(row.definition).data ?? { templates: [], products: [], campaigns: [] })
    const products = await namesByKey(
      db,
      principal,
      'product_configuration',
      definitions.flatMap((one) => one.products),
    )
    const campaigns = principal.scopes.has('read:campaigns')
      ? await namesByKey(
          db,
          principal,
          'campaign',
          definitions.flatMap((one) => one.campaigns),
        )
      : new Map()
    return rows.map((row, index) => {
      const { templates = [], products: offered = [], campaigns: linked = [] } = definitions[index] ?? {}
      return {
        ...head(row),
        templates: templates.length,
        templateNames: templates.slice(0, mostNames).map(({ name }) => name),
        images: templates.slice(0, mostNames).flatMap(({ image }) => image ?? []),
        products: offered.slice(0, mostNames).map((key) => ({ key, ...products.get(key) })),
        campaigns: linked.slice(0, mostNames).map((key) => ({ key, ...campaigns.get(key) })),
        more: Math.max(offered.length - mostNames, 0) + Math.max(linked.length - mostNames, 0),
      }
    })
  })
}

export const cutLooks = <List extends ContentList | BrandingList | ThemeSetList>(answer: List, count: number): List => cutPage(answer, 'rows', count)

type Around = Pick<BrandingList, 'organization' | 'coverage' | 'nextCursor' | 'preview'>

function listText(what: string, { organization, coverage, nextCursor, preview }: Around, lines: readonly string[]): string {
  return [
    `${what} of **${inline(label(organization.name))}** (${organization.id}): ${pageLine(coverage, nextCursor)}`,
    ...lines,
    ...(coverage.of > 0 ? [`Previews: ${preview}`] : []),
  ].join('\n')
}

const headText = ({ id, key, name, status }: { id: string; key: string; name: string; status: string }) =>
  `- ${id} **${inline(label(name))}** (key ${inline(label(key))}, ${status})`
const pairs = (record: Readonly<Record<string, unknown>>) =>
  Object.entries(record)
    .map(([name, value]) => `${inline(label(name))} ${inline(String(value))}`)
    .join(', ')
const refs = (list: readonly { key: string; name?: string | undefined }[]) => list.map(({ key, name }) => inline(label(name ?? key))).join(', ')

export function contentText(answer: ContentList): string {
  return listText(
    'Content profiles',
    answer,
    answer.rows.flatMap((row) => [
      `${headText(row)}: ${[row.languages.join(' '), Object.keys(row.missing).length ? `texts missing, falling back to the default: ${pairs(row.missing)}` : undefined, row.support.length ? `support by ${row.support.join(', ')}` : undefined].filter(Boolean).join('; ')}`,
      `  images ${inline(JSON.stringify(row.images))}; texts ${inline(JSON.stringify(row.translations))}${row.clipped ? ' (shortened)' : ''}`,
    ]),
  )
}

export function brandingText(answer: BrandingList): string {
  return listText(
    'Branding',
    answer,
    answer.rows.map((row) => `${headText(row)}: colours ${pairs(row.colours) || '-'}; fonts ${pairs(row.fonts) || '-'}; shapes ${pairs(row.shapes) || '-'}`),
  )
}

export function themeSetsText(answer: ThemeSetList): string {
  return listText(
    'Theme sets',
    answer,
    answer.rows.map(
      (row) =>
        `${headText(row)}: ${row.templates} templates (${row.templateNames.map(label).map(inline).join(', ')}${row.templates > row.templateNames.length ? ', …' : ''}); products ${refs(row.products) || '-'}; campaigns ${refs(row.campaigns) || '-'}${row.more ? `; ${row.more} more links` : ''}`,
    ),
  )
}
