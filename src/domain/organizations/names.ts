/** Names that go on from what somebody typed: for completing arguments. Only what the principal may read. Changes nothing. */
import type { Principal } from '../../core/access.ts'
import { listOrganizations } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { headsOf } from './rows-repository.ts'

export type NameKind = 'organization' | 'campaign' | 'webapp'

export interface Completions {
  /** At most 100, those that begin with what was typed first. */
  readonly values: string[]
  /** How many there are. */
  readonly total: number
}

const most = 100
const scopeOf = { campaign: 'read:campaigns', webapp: 'read:webapps' } as const

export async function namesLike({ db }: Pick<Stores, 'db'>, principal: Principal, kind: NameKind, typed: string): Promise<Completions> {
  if (kind !== 'organization' && !principal.scopes.has(scopeOf[kind])) return { values: [], total: 0 }
  const rows = kind === 'organization' ? await listOrganizations(db, principal) : await headsOf(db, principal, kind)
  const part = typed.trim().toLowerCase()
  const names = [...new Set(rows.map(({ name }) => name))].filter((name) => name.toLowerCase().includes(part))
  const begins = (name: string) => Number(!name.toLowerCase().startsWith(part))
  return { values: names.sort((a, b) => begins(a) - begins(b) || (a < b ? -1 : 1)).slice(0, most), total: names.length }
}
