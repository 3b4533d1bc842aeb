/** The vocabulary of an account: what is built in, what it declares, and the kinds of web events that it has. */
import type { Analytics } from '../../storage/analytics/run.ts'
import { type DeclaredAttribute, groupOf, type Predicate, type Vocabulary, vocabularyOf } from '../predicates/index.ts'

/** All of it. */
export async function accountVocabulary(analytics: Analytics, accountId: string, declared: readonly DeclaredAttribute[], signal: AbortSignal | undefined): Promise<Vocabulary> {
  return vocabularyOf(declared, await webKinds(analytics, accountId, 1000, signal))
}

/** Kinds of web events that the account has, by name. */
export async function webKinds(analytics: Analytics, accountId: string, most: number, signal: AbortSignal | undefined): Promise<string[]> {
  const rows = await analytics.query<{ kind: string }>(
    'SELECT DISTINCT toString(kind) AS kind FROM web_events WHERE account_id = {account:String} ORDER BY kind LIMIT {most:UInt32}',
    { account: accountId, most },
    { signal },
  )
  return rows.map(({ kind }) => kind)
}

/** Kinds of web events are read only where a tree names what is not built in. */
export async function vocabularyFor(
  trees: readonly Predicate[],
  analytics: Analytics,
  accountId: string,
  declared: readonly DeclaredAttribute[],
  signal: AbortSignal | undefined,
): Promise<Vocabulary> {
  const builtIn = vocabularyOf(declared)
  if (trees.flatMap(behavioursOf).every((name) => builtIn.behaviours.some((known) => known.name === name))) return builtIn
  return await accountVocabulary(analytics, accountId, declared, signal)
}

function behavioursOf(tree: Predicate): string[] {
  return groupOf(tree)?.members.flatMap(behavioursOf) ?? ('did' in tree ? [tree.did] : 'didNot' in tree ? [tree.didNot] : [])
}
