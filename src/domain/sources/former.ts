/** Rules of before: a message that was counted under a campaign stays there when its source's rules change, or its later events would be another message. Pure. */
import { canonicalJson } from '../../core/json.ts'
import type { CampaignRule } from './type.ts'

interface FormerRules {
  readonly rules: readonly CampaignRule[]
  /** ISO 8601: they held before. */
  readonly until: string
}

/** Platforms deliver opens and clicks for weeks, and hardly anything for months. */
const keptMs = 90 * 86_400_000
const most = 10

const still = (former: unknown, now: Date): FormerRules[] => (former as FormerRules[]).filter(({ until }) => now.getTime() - Date.parse(until) < keptMs)

/** The rules that held before and may have placed messages that are still spoken of, oldest first. */
export const formerRules = (row: { readonly former_rules: unknown }, now: Date): readonly (readonly CampaignRule[])[] => still(row.former_rules, now).map(({ rules }) => rules)

/** What to keep of the rules of before when `before` are changed to `after`. */
export function formerAfter(row: { readonly former_rules: unknown }, before: readonly CampaignRule[], after: readonly CampaignRule[], now: Date): readonly FormerRules[] {
  const known = still(row.former_rules, now)
  return canonicalJson(before) === canonicalJson(after) ? known : [...known, { rules: before, until: now.toISOString() }].slice(-most)
}
