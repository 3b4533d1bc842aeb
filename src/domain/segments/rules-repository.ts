/** Reads segments and target groups with their rules, as far as somebody may see them. */
import type { Db } from '../../storage/operational/schema.ts'
import { type Sight, visibleEntities } from '../entities/index.ts'

/** Definitions were checked when they were written (domain/entities). */
export interface Rule {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly status: string
  readonly definition: { readonly predicate?: Record<string, unknown>; readonly priority?: number | undefined; readonly exclusions?: readonly string[] | undefined }
}

/** By name. */
export async function listRules(db: Db, sight: Sight, type: 'segment' | 'target_group'): Promise<Rule[]> {
  const rows = await visibleEntities(db, sight, type).select(['id', 'key', 'name', 'status', 'definition']).orderBy('name').orderBy('id').execute()
  return rows.map((row) => ({ ...row, definition: row.definition as Rule['definition'] }))
}
