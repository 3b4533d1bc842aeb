/** Rules as callers give them, in English or as a tree, made into trees that were understood in full. Half a rule is none: it makes nothing and names the part. */
import { MercatError } from '../../core/errors.ts'
import { label } from '../../core/match.ts'
import { dayOf } from '../../core/period.ts'
import { clip } from '../../core/text.ts'
import { entityType } from '../entities/index.ts'
import { type English, type EnglishContext, parseEnglish, parseTrigger, type Predicate } from '../predicates/index.ts'
import type { UnderstoodPhrase } from './answer.ts'
import type { Context } from './context.ts'
import type { RuleGiven } from './inputs.ts'
import { namesOf } from './rows-repository.ts'

export interface Rule {
  readonly tree: Predicate
  readonly phrases: readonly UnderstoodPhrase[]
  /** The words it was made from. */
  readonly words: string | undefined
}

/** @param at the argument it came in Throws `invalid_arguments` or `unknown_value`. */
export async function ruleOf(context: Context, given: RuleGiven, at: string): Promise<Rule> {
  const { audience, vocabulary } = context
  if (typeof given !== 'string') return { tree: (await audience.understood(given, at, await vocabulary())).tree, phrases: [], words: undefined }
  const english = parseEnglish(given, await context.english())
  assertUnderstood(english, given, at)
  const { tree } = await audience.understood(english.tree as unknown as Record<string, unknown>, at, await vocabulary())
  return { tree, phrases: phrasesOf(english), words: given }
}

export type TriggerWords = ReturnType<typeof parseTrigger> & { readonly event: string }

/** What a trigger's description says. Throws `invalid_arguments`. */
export async function triggerOf(context: Context, given: string, at: string): Promise<TriggerWords> {
  const english = parseTrigger(given, await context.english())
  assertUnderstood({ ...english, tree: null }, given, at, true)
  const { event } = english
  if (event === null) throw missing(given, at, 'no event is named', 'Say which event fires it: fires on a deposit event with amount greater than 100. Or send event and where.')
  return { ...english, event }
}

export function phrasesOf({ phrases }: Pick<English, 'phrases'>): UnderstoodPhrase[] {
  return phrases.map(({ text, means }) => ({ text: clip(text, 200), means: clip(means, 300) }))
}

function assertUnderstood({ tree, notUnderstood }: Pick<English, 'tree' | 'notUnderstood'>, given: string, at: string, treeless = false): void {
  const [first, ...others] = notUnderstood
  if (first) {
    const more = others.slice(0, 4).map(({ text, why }) => `; nor ${quoted(text)} (${clip(why, 200)})`)
    const beyond = others.length > 4 ? `; and ${others.length - 4} more parts` : ''
    throw new MercatError('invalid_arguments', `${at}: ${quoted(first.text)} is not understood (${clip(first.why, 200)})${more.join('')}${beyond}. Nothing was made`, {
      argument: at,
      value: clip(label(first.text), 60),
      hint: `${first.hint ?? 'Say it in other words'}${/[.?!]$/.test(first.hint ?? '') ? '' : '.'} ${otherwise}`,
    })
  }
  if (!treeless && tree === null) throw missing(given, at, 'it says nothing about customers', otherwise)
}

const otherwise = 'Or send the rule as a tree: get_schema target_group has its form, and the document segments its words.'
const quoted = (text: string) => JSON.stringify(label(text))

function missing(given: string, at: string, why: string, hint: string): MercatError {
  return new MercatError('invalid_arguments', `${at} ${quoted(given)}: ${why}. Nothing was made`, { argument: at, value: clip(label(given), 60), hint })
}

/** Names that a sentence may hold are those that the caller may read. */
export async function englishContext({ stores: { db, clock }, principal, vocabulary }: Pick<Context, 'stores' | 'principal' | 'vocabulary'>): Promise<EnglishContext> {
  const { account, scopes } = principal
  const names: NonNullable<EnglishContext['names']>[number][] = []
  for (const field of ['campaign', 'flow', 'brand', 'folder'] as const) {
    const { scope } = entityType(field)
    if (scope !== null && !scopes.has(scope)) continue
    const rows = await namesOf(db, principal, field)
    names.push(...rows.map(({ name, key }) => ({ field, name, key })))
    if (field === 'campaign') names.push(...[...new Set(rows.flatMap(({ tags }) => tags))].map((tag) => ({ field: 'tag' as const, name: tag, key: tag })))
  }
  return { vocabulary: await vocabulary(), today: dayOf(clock(), account.timeZone), currency: account.currency, names }
}
