/** Checks a rule that somebody writes and says it in words, or says everything that is wrong with it, each at its place. Counts nobody. */
import { isRestricted, type Principal, requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { readSettings } from '../accounts/index.ts'
import { type Condition, explain, groupOf, pathText, type Predicate, predicateSchema, understand } from '../predicates/index.ts'
import type { Stores } from '../stores.ts'
import { namedCampaigns } from './campaigns.ts'
import { partsOf } from './parse.ts'
import { vocabularyFor } from './vocabulary.ts'

const mostErrors = 10

export interface RuleError {
  /** `all[0].value`; '' is the whole. */
  readonly path: string
  readonly message: string
}

/** `tree`, in its normal form, and `text` are null where there are errors. */
export interface CheckedRule {
  readonly tree: Predicate | null
  readonly text: string | null
  /** Every predicate in words, as `explain` has them. */
  readonly parts: readonly { readonly path: string; readonly text: string }[]
  /** Names of campaigns, flows, brands and folders that the rule names by id or key, as far as they may be told. */
  readonly names: Readonly<Record<string, string>>
  readonly errors: readonly RuleError[]
}

const refused = (errors: readonly RuleError[]): CheckedRule => ({ tree: null, text: null, parts: [], names: {}, errors: errors.slice(0, mostErrors) })

/** Throws `missing_scopes`; what is wrong with the rule is in the answer. Campaigns and the like are those that the person sees. */
export async function checkRule(stores: Stores, principal: Principal, given: Record<string, unknown>, signal?: AbortSignal): Promise<CheckedRule> {
  requireScopes(principal, 'read:segments')
  const parsed = predicateSchema.safeParse(given)
  if (!parsed.success) return refused(parsed.error.issues.map(({ path, message }) => ({ path: pathText(partsOf(path)), message })))
  const { account } = principal
  const { customerAttributes } = await readSettings(stores.db, account.id)
  const vocabulary = await vocabularyFor([parsed.data], stores.analytics, account.id, customerAttributes, signal)
  const errors: RuleError[] = []
  const tell = faultsTo(errors, isRestricted(principal))
  const leaves = leavesOf(parsed.data, [])
  for (const { leaf, path } of leaves) await tell(() => understand(leaf, vocabulary, path))
  if (errors.length > 0) return refused(errors)
  const tree = understand(parsed.data, vocabulary)
  const named = (of: Predicate, at: string) => namedCampaigns(stores.db, principal, principal.scopes, of, at)
  const found = await tell(() => named(tree, ''))
  if (!found) {
    // One is wrong: which others are, is found by asking for each.
    errors.length = 0
    for (const { leaf, path } of leavesOf(tree, [])) if (errors.length < mostErrors) await tell(() => named(leaf, pathText(path)))
    return refused(errors)
  }
  const names = Object.fromEntries(
    leaves.flatMap(({ leaf }) => entitiesOf(leaf)).flatMap((value) => (found.names.has(value) ? [[value, found.names.get(value) ?? value] as const] : [])),
  )
  return { tree, ...explain(tree, found.names), names, errors: [] }
}

/** Runs it, and keeps what it refuses. @param brief what there is instead is not told */
function faultsTo(errors: RuleError[], brief: boolean) {
  return async <Result>(run: () => Result | Promise<Result>): Promise<Result | undefined> => {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof MercatError) || error.status !== 400) throw error
      const { argument: path = '', nearest = [], hint } = error.details
      // The place is shown by where the message stands.
      const message = error.message.replace(path, path.replace(/^.*\./, '')).replace(/ at [\w[\]]+$/, '')
      errors.push({ path, message: [`${message}.`, ...(brief ? [] : [nearest.length ? `Nearest: ${nearest.join(', ')}.` : '', hint ?? ''])].filter(Boolean).join(' ') })
      return undefined
    }
  }
}

function leavesOf(tree: Predicate, path: (string | number)[]): { leaf: Predicate; path: (string | number)[] }[] {
  const inner = groupOf(tree)
  return inner ? inner.members.flatMap((member, index) => leavesOf(member, [...path, inner.group, index])) : [{ leaf: tree, path }]
}

/** Texts that conditions compare with. */
function entitiesOf(leaf: Predicate): string[] {
  const where: readonly Condition[] = ('where' in leaf ? leaf.where : undefined) ?? []
  return where.flatMap(({ value }) => (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string'))
}
