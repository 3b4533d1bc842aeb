/** What a list of a type can be narrowed to, for the filters of its page. */
import type { Principal } from '../../core/access.ts'
import { type EntityType, listBrands, listFolders } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { requireType } from './access.ts'
import type { Choices } from './answer.ts'
import { usedValues } from './rows-repository.ts'

export async function choicesOf({ db }: Stores, principal: Principal, type: EntityType): Promise<Choices> {
  requireType(principal, type)
  const used = async (filter: Parameters<typeof usedValues>[3]) => await usedValues(db, principal, type, filter)
  const brands = new Set(await used('brand_id'))
  const folders = new Set(await used('folder_id'))
  const named = (all: readonly { readonly id: string; readonly name: string }[], ids: ReadonlySet<string>) => all.flatMap(({ id, name }) => (ids.has(id) ? [{ id, name }] : []))
  return {
    statuses: await used('status'),
    channels: await used('channel'),
    brands: named(await listBrands(db, principal), brands),
    folders: named(await listFolders(db, principal), folders),
    tags: await used('tag'),
  }
}
