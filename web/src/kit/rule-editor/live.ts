/** The rule under one's hands as the server sees it: what is wrong where, its words, its size. Asks when somebody stops for a moment, and drops what is not wanted any more. */
import { useDebouncedValue } from '@mantine/hooks'
import { type ApiError, useApi } from '../../api.ts'
import type { Account } from '../../server.ts'
import { gapsIn } from './subjects.ts'
import type { AudienceSize, CheckedRule, Predicate, Vocabulary } from './types.ts'

const pause = 350

export interface Fault {
  readonly message: string
  /** Something is still to be filled in: no mistake yet. */
  readonly gap: boolean
}

export interface LiveRule {
  /** By the path of the predicate or of the part of it. */
  readonly faults: ReadonlyMap<string, Fault>
  readonly checked: CheckedRule | undefined
  /** The last size there was; with `waiting` it is not that of the rule as it stands. */
  readonly size: AudienceSize | undefined
  /** How many each predicate holds for by itself, by its path; only of the rule as it stands. */
  readonly counts: ReadonlyMap<string, string>
  readonly waiting: boolean
  /** What failed for a reason that no predicate can show. */
  readonly problem: { readonly error: ApiError; readonly retry: () => unknown } | undefined
}

/** Two parts of a page that look at one rule ask once. */
export function useLiveRule(account: Account, tree: Predicate, vocabulary: Vocabulary | undefined): LiveRule {
  const [asked] = useDebouncedValue(tree, pause)
  const gaps = gapsIn(tree, vocabulary)
  const ready = vocabulary !== undefined && gapsIn(asked, vocabulary).size === 0
  const input = { account: account.systemName, tree: asked as unknown as Record<string, unknown> }
  const check = useApi('audiences', 'check', input, { enabled: ready, keep: true })
  const checked = check.isPlaceholderData ? undefined : check.data
  const right = ready && checked?.errors.length === 0
  const size = useApi('audiences', 'size', input, { enabled: right && vocabulary.mayCount, keep: true })
  const now = asked === tree && gaps.size === 0
  const current = now && right && !size.isPlaceholderData
  const refusal = now && right ? placeOf(size.error) : undefined
  const faults = new Map<string, Fault>([...gaps].map(([path, message]) => [path, { message, gap: true }]))
  if (now && ready) for (const { path, message } of checked?.errors ?? []) faults.set(path, { message, gap: false })
  if (refusal) faults.set(refusal.path, { message: refusal.message, gap: false })
  const failed = [check, size].find(({ error }) => error && placeOf(error) === undefined)
  return {
    faults,
    checked: check.data,
    size: size.data,
    counts: new Map(current && !size.error ? size.data?.predicates.map(({ path, shown }) => [path, shown]) : []),
    waiting: !current || size.isFetching,
    problem: failed?.error && now ? { error: failed.error, retry: failed.refetch } : undefined,
  }
}

/** Where in the rule a refusal belongs; undefined: it is about something else. */
function placeOf(error: ApiError | null): { path: string; message: string } | undefined {
  const argument = error?.details.argument
  return error && argument?.startsWith('tree') ? { path: argument.replace(/^tree\.?/, ''), message: error.message } : undefined
}

/** What is wrong with the predicate at a path itself, not with one inside of it. */
export function faultAt(faults: ReadonlyMap<string, Fault>, path: string, isGroup: boolean): Fault | undefined {
  if (isGroup) return faults.get(path)
  for (const [at, fault] of faults) if (at === path || path === '' || at.startsWith(`${path}.`) || at.startsWith(`${path}[`)) return fault
  return undefined
}
