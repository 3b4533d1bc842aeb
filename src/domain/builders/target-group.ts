/** Proposes a target group, from words or from a tree. */
import { requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { newRow } from '../writes/index.ts'
import type { DraftAnswer } from './answer.ts'
import type { Context } from './context.ts'
import type { TargetGroupDraftInput } from './inputs.ts'
import { type Plan, propose } from './propose.ts'
import { refOf } from './references.ts'
import { ruleOf } from './rules.ts'

export async function proposeTargetGroup(context: Context, input: TargetGroupDraftInput): Promise<DraftAnswer> {
  requireScopes(context.principal, 'create:segments')
  return await propose(context, 'create_target_group_draft', input, planOf)
}

async function planOf(context: Context, { name, description, tree: given, priority, exclusions = [] }: TargetGroupDraftInput): Promise<Plan> {
  if ((description === undefined) === (given === undefined)) {
    throw new MercatError('invalid_arguments', description === undefined ? 'The rule is missing' : 'There are two rules: description and tree', {
      argument: 'description',
      hint: 'Send the rule in plain English as description, or as tree, and not both.',
    })
  }
  const at = description === undefined ? 'tree' : 'description'
  const { tree, phrases } = await ruleOf(context, description ?? given ?? {}, at)
  const left: string[] = []
  for (const [index, one] of exclusions.entries()) left.push((await refOf(context, 'target_group', one, `exclusions[${index}]`)).key)
  const definition = { predicate: tree, ...(priority === undefined ? {} : { priority }), exclusions: [...new Set(left)] }
  return { rows: async (db) => [await newRow(db, context.principal, 'target_group', name, definition)], understood: phrases, description, ruleAt: at }
}
