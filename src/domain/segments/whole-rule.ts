/** The rule of one segment or target group, whole, with the groups it leaves out: answers for assistants may shorten it. */
import { type Principal, requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import type { Stores } from '../stores.ts'
import { findRule, listRules, type RuleType } from './rules-repository.ts'

export interface WholeRule {
  readonly type: RuleType
  readonly id: string
  readonly name: string
  /** null: its platform keeps it, and Mercat knows the name alone. */
  readonly predicate: Record<string, unknown> | null
  readonly priority: number | null
  /** Target groups whose customers it leaves out; without `id` and `name` where the person does not see them. */
  readonly exclusions: readonly { readonly key: string; readonly id?: string; readonly name?: string }[]
}

/** Throws `missing_scopes`, and `not_found` for what is none and for what the person does not see alike. */
export async function wholeRule({ db }: Pick<Stores, 'db'>, principal: Principal, id: string): Promise<WholeRule> {
  requireScopes(principal, 'read:segments')
  for (const type of ['segment', 'target_group'] as const) {
    const found = await findRule(db, principal, type, id)
    if (!found) continue
    const { predicate, priority, exclusions = [] } = found.definition
    const groups = new Map(exclusions.length > 0 ? (await listRules(db, principal, 'target_group')).map((group) => [group.key, group]) : [])
    return {
      type,
      id: found.id,
      name: found.name,
      predicate: predicate ?? null,
      priority: priority ?? null,
      exclusions: exclusions.map((key) => {
        const group = groups.get(key)
        return { key, ...(group ? { id: group.id, name: group.name } : {}) }
      }),
    }
  }
  throw new MercatError('not_found', 'There is no such segment or target group')
}
