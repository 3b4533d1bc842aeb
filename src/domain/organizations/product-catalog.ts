/** The product catalog of the account: base products, and how each is configured for campaigns. Changes nothing. */
import { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import { cursor, limitUpTo, textUpTo } from '../../core/arguments.ts'
import { label } from '../../core/match.ts'
import { coverageSchema, pageAt, pageLine } from '../../core/page.ts'
import { clip, inline } from '../../core/text.ts'
import { productConfigurationDefinition, productDefinition } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { cutPage, positionOf, usualRows } from './paging.ts'
import { configurationsOf, type Row, rowsPage } from './rows-repository.ts'

export const productCatalogInput = z.strictObject({
  kind: textUpTo(100).optional().describe('Such as prints, calendar, photobook, postcard'),
  nameContains: textUpTo(200).optional(),
  limit: limitUpTo(200),
  cursor,
})

const configuration = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  status: z.string(),
  names: z.record(z.string(), z.string()),
  artwork: z.array(z.string()).describe('The first ten'),
  artworks: z.int(),
  image: z.string().optional(),
})
const product = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  status: z.string(),
  kind: z.string().optional(),
  size: z.string().optional(),
  paper: z.string().optional(),
  configurations: z.array(configuration),
  /** Configurations beyond those listed; list_entities has all. */
  more: z.int(),
})

export const productCatalogOutput = z.object({
  products: z.array(product),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  asked: z.record(z.string(), z.string()),
})
export type ProductCatalog = z.output<typeof productCatalogOutput>

export async function productCatalog({ db }: Pick<Stores, 'db'>, principal: Principal, input: z.output<typeof productCatalogInput>): Promise<ProductCatalog> {
  const kind = input.kind?.trim() || undefined
  const nameContains = input.nameContains?.trim() || undefined
  const asked = { ...(kind ? { kind: label(kind) } : {}), ...(nameContains ? { nameContains: label(nameContains) } : {}) }
  const before = positionOf(input.cursor, asked)
  const { rows, of } = await rowsPage(db, principal, 'product', { kind, nameContains }, before, input.limit ?? usualRows)
  const configured = await configurationsOf(
    db,
    principal,
    rows.map(({ key }) => key),
  )
  return { products: rows.map((row) => toProduct(row, configured.get(row.key) ?? [])), ...pageAt(before, rows.length, of, asked), asked }
}

/** Of one product, so that it fits into an answer whatever it holds. */
const mostConfigurations = 25
const mostArtworks = 10
const mostLanguages = 10

function toProduct(row: Row, configurations: readonly Row[]): z.output<typeof product> {
  const { kind, size, paper } = productDefinition.safeParse(row.definition).data ?? {}
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    status: row.status,
    ...(kind === undefined ? {} : { kind }),
    ...(size === undefined ? {} : { size }),
    ...(paper === undefined ? {} : { paper }),
    more: Math.max(configurations.length - mostConfigurations, 0),
    configurations: configurations.slice(0, mostConfigurations).map((one) => {
      const { names, artwork, image } = productConfigurationDefinition.safeParse(one.definition).data ?? {}
      return {
        id: one.id,
        key: one.key,
        name: one.name,
        status: one.status,
        names: Object.fromEntries(
          Object.entries(names ?? {})
            .slice(0, mostLanguages)
            .map(([language, text]) => [language, clip(text, 200)]),
        ),
        artwork: (artwork ?? []).slice(0, mostArtworks).map(({ name }) => name),
        artworks: artwork?.length ?? 0,
        ...(image === undefined ? {} : { image }),
      }
    }),
  }
}

export const cutProducts = (answer: ProductCatalog, count: number): ProductCatalog => cutPage(answer, 'products', count)

export function productCatalogText({ products, coverage, nextCursor, asked }: ProductCatalog): string {
  const filters = Object.entries(asked).map(([name, value]) => `${name} ${inline(value)}`)
  return [
    `Products: ${pageLine(coverage, nextCursor)}${filters.length ? `; filters: ${filters.join(', ')}` : ''}`,
    ...products.flatMap(({ id, name, status, kind, size, paper, configurations, more }) => [
      `- ${id} **${inline(label(name))}** (${status}): ${[kind, size, paper].flatMap((word) => (word ? [inline(word)] : [])).join(', ') || '-'}`,
      ...configurations.map(
        (one) =>
          `  - ${one.id} ${inline(label(one.name))} (${one.status}): ${Object.entries(one.names)
            .map(([language, text]) => `${language} "${inline(label(text))}"`)
            .join(
              ', ',
            )}; artwork ${one.artwork.map(label).map(inline).join(', ') || 'none'}${one.artworks > one.artwork.length ? `, and ${one.artworks - one.artwork.length} more` : ''}`,
      ),
      ...(more ? [`  - ${more} more configurations`] : []),
      ...(configurations.length === 0 ? ['  - no configuration: campaigns cannot offer it yet'] : []),
    ]),
  ].join('\n')
}
