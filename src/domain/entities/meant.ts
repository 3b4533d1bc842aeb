/** Which entity an argument means, of the rows that carry its text; who may see which is decided by whoever read them. Reads nothing itself. */
import { MercatError } from '../../core/errors.ts'
import { label, matching, nearNames } from '../../core/match.ts'
import { clip } from '../../core/text.ts'
import { type EntityType, entityType } from './rows.ts'

interface Asked {
  readonly type: EntityType
  /** An id, a key or a name. */
  readonly given: string
  readonly argument: string
  /** Names of all there are, for near misses: asked only where none is meant. */
  readonly names: () => Promise<readonly { readonly name: string }[]>
  /** Where all are listed. */
  readonly listed?: string | undefined
}

/** The one that is meant. Throws `not_found` or `campaign_not_found` with near misses, and `unknown_value` where several have the name. */
export async function meantOf<Row extends { readonly id: string; readonly key: string; readonly name: string }>(
  rows: readonly Row[],
  { type, given, argument, names, listed = 'list_entities lists all.' }: Asked,
): Promise<Row> {
  const value = clip(given.trim(), 60)
  const [row, ...others] = matching(given.trim(), rows)
  if (!row) {
    throw new MercatError(type === 'campaign' ? 'campaign_not_found' : 'not_found', `${entityType(type).title} not found`, {
      argument,
      value,
      nearest: nearNames(
        given,
        (await names()).map(({ name }) => label(name)),
      ),
      hint: `Send an id, a key or an exact name; ${listed}`,
    })
  }
  if (others.length === 0) return row
  throw new MercatError('unknown_value', `${others.length + 1} entities of the type ${type} are called ${JSON.stringify(label(value))}`, {
    argument,
    value,
    allowed: [row, ...others].slice(0, 20).map(({ id }) => id),
    hint: 'Send the id of one.',
  })
}
