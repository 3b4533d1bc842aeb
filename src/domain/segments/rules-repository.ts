/** The statements over segments and target groups: their rules, as far as somebody may see them. Changes nothing. */
import type { Db } from '../../storage/operational/schema.ts'
import { type Sight, visibleEntities } from '../entities/index.ts'

export type RuleType = 'segment' | 'target_group'

/** Definitions were checked when they were written (domain/entities). */
export interface Rule {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly status: string
  readonly definition: { readonly predicate?: Record<string, unknown>; readonly priority?: number | undefined; readonly exclusions?: readonly string[] | undefined }
}

/** By name. */
export async function listRules(db: Db, sight: Sight, type: RuleType): Promise<Rule[]> {
  const rows = await visibleEntities(db, sight, type).select(['id', 'key', 'name', 'status', 'definition']).orderBy('name').orderBy('id').execute()
  return rows.map((row) => ({ ...row, definition: row.definition as Rule['definition'] }))
}

/** One that the principal sees, by its id. */
export async function findRule(db: Db, sight: Sight, type: RuleType, id: string): Promise<Rule | undefined> {
  const row = await visibleEntities(db, sight, type).where('id', '=', id).select(['id', 'key', 'name', 'status', 'definition']).executeTakeFirst()
  return row && { ...row, definition: row.definition as Rule['definition'] }
}
