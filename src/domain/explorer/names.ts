/** Names that go on from what somebody typed, for a field in which they choose a campaign, a flow, a brand, a folder or a tag. Only what the principal may read. Changes nothing. */
import { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import { textUpTo } from '../../core/arguments.ts'
import type { Stores } from '../stores.ts'
import { requireType } from './access.ts'
import { findPage, usedValues } from './rows-repository.ts'

const most = 20

export const namesInput = z.strictObject({ kind: z.enum(['campaign', 'flow', 'brand', 'folder', 'tag']), typed: textUpTo(200).default('') })
export type NamesInput = z.output<typeof namesInput>

export interface Names {
  /** At most 20, by name. Of a tag, `id` is the tag. */
  readonly names: readonly { readonly id: string; readonly name: string; readonly status?: string }[]
  /** How many there are. */
  readonly of: number
}

/** Throws `missing_scopes`. */
export async function namesLike({ db }: Pick<Stores, 'db'>, principal: Principal, { kind, typed }: NamesInput): Promise<Names> {
  const part = typed.trim()
  if (kind !== 'tag') {
    requireType(principal, kind)
    const { rows, of } = await findPage(db, principal, kind, { nameContains: part || undefined }, { sort: 'name', direction: 'asc' }, undefined, most)
    return { names: rows.map(({ id, name, status }) => ({ id, name, status })), of }
  }
  requireType(principal, 'campaign')
  const tags = (await usedValues(db, principal, 'campaign', 'tag')).filter((tag) => tag.toLowerCase().includes(part.toLowerCase()))
  return { names: tags.slice(0, most).map((tag) => ({ id: tag, name: tag })), of: tags.length }
}
