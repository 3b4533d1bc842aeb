/** Proposes a segment or a target group by a rule: a new draft with the record of its proposal. It changes no row that there is, and makes nothing active. */
import { z } from 'zod'
import { isRestricted, type Principal, requireScopes } from '../../core/access.ts'
import { listUpTo, nameField } from '../../core/arguments.ts'
import { MercatError } from '../../core/errors.ts'
import { pick } from '../../core/match.ts'
import { recordEvent } from '../audit/index.ts'
import { targetGroupDefinition } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { assertNameFree, insertProposal, insertRows, lockAccount, newRow, once, writeArguments } from '../writes/index.ts'
import { checkRule } from './check.ts'
import { listRules } from './rules-repository.ts'

export const proposeRuleInput = z.strictObject({
  type: z.enum(['segment', 'target_group']),
  name: nameField,
  predicate: z.looseObject({}),
  /** Of target groups only. */
  priority: targetGroupDefinition.shape.priority,
  /** Of target groups only: keys of target groups. */
  exclusions: listUpTo(100).optional(),
  idempotencyKey: writeArguments.idempotencyKey.unwrap(),
})
export type ProposeRuleInput = z.output<typeof proposeRuleInput>

export interface ProposedRule {
  readonly id: string
  readonly type: 'segment' | 'target_group'
  readonly name: string
  /** Whether an earlier request with this key made it. */
  readonly repeated: boolean
}

/** Throws `missing_scopes`, `not_allowed` for who would not see the draft, `invalid_arguments` or `unknown_value` at the place of the fault, and `conflict` where the name is taken. */
export async function proposeRule(stores: Stores, principal: Principal, input: ProposeRuleInput): Promise<ProposedRule> {
  requireScopes(principal, 'read:segments', 'create:segments')
  if (isRestricted(principal))
    throw new MercatError('not_allowed', 'You see only some organizations or brands, and the draft would be outside of them', {
      hint: 'Ask somebody who sees the whole account to make it.',
    })
  const { idempotencyKey, ...wanted } = input
  const { type, name } = input
  const definition = await definitionOf(stores, principal, input)
  const { result, repeated } = await once(stores, principal, { tool: 'dashboard.propose_rule', idempotencyKey, arguments: wanted }, async (transaction) => {
    // Of two that make the same name at once, the second sees the first.
    await lockAccount(transaction, principal.account.id)
    await assertNameFree(transaction, principal, type, name)
    const row = await newRow(transaction, principal, type, name, definition)
    await insertRows(transaction, principal, null, [row])
    await insertProposal(transaction, principal, row, { tool: null, now: stores.clock() })
    const { userId, clientId, account } = principal
    await recordEvent(transaction, stores.clock, { accountId: account.id, event: 'draft.proposed', userId, clientId, detail: { draft: row.id, type, name } })
    return { id: row.id }
  })
  return { ...result, type, name, repeated }
}

async function definitionOf(stores: Stores, principal: Principal, { type, predicate, priority, exclusions }: ProposeRuleInput): Promise<Record<string, unknown>> {
  const { tree, errors } = await checkRule(stores, principal, predicate)
  if (!tree) {
    const [first] = errors
    throw new MercatError('invalid_arguments', first?.message ?? 'The rule is not one', { argument: ['predicate', first?.path].filter(Boolean).join('.') })
  }
  if (type === 'target_group') {
    const groups = exclusions?.length ? await listRules(stores.db, principal, 'target_group') : []
    const left = pick(exclusions ?? [], groups, 'exclusions', { one: 'target group', many: 'target groups' }).map(({ key }) => key)
    return { predicate: tree, ...(priority === undefined ? {} : { priority }), exclusions: left }
  }
  const odd = priority !== undefined ? 'priority' : exclusions !== undefined ? 'exclusions' : undefined
  if (odd !== undefined) throw new MercatError('invalid_arguments', `${odd} is of target groups; a segment has none`, { argument: odd, hint: 'Leave it out.' })
  return { predicate: tree }
}
