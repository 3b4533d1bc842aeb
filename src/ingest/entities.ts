/** Reads rows of the kind `entities` into the form the domain takes. Stores nothing. */
import type { EntityRow } from '../domain/entities/index.ts'
import { parseObject } from './readers/ndjson.ts'

/** Entities are counted in thousands; they are held in memory because rows may refer to later ones. */
export const mostEntities = 200_000

/** A row of cells by field name, '' when absent. A cell that cannot be read stays as it is: the domain's schema then says what is wrong. */
export function entityRow(cells: Readonly<Record<string, string>>): EntityRow {
  const given = Object.fromEntries(Object.entries(cells).flatMap(([name, cell]) => (cell.trim() === '' ? [] : [[name, cell.trim()]])))
  const { created_at, starts_at, ends_at, tags, definition, ...rest } = given
  return {
    ...rest,
    ...(created_at === undefined ? {} : { createdAt: isoOf(created_at) }),
    ...(starts_at === undefined ? {} : { startsAt: isoOf(starts_at) }),
    ...(ends_at === undefined ? {} : { endsAt: isoOf(ends_at) }),
    ...(tags === undefined ? {} : { tags: listOf(tags) }),
    ...(definition === undefined ? {} : { definition: parseObject(definition) }),
  } as EntityRow
}

const isoOf = (text: string): string => text.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T')

function listOf(cell: string): unknown {
  if (!cell.startsWith('['))
    return cell
      .split(';')
      .map((tag) => tag.trim())
      .filter(Boolean)
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}
