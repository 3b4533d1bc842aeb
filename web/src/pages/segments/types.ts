/** The shapes and words of the page Segments & target groups. */
import type { Output, Predicate } from '../../server.ts'

export type RuleRow = Output<'audiences', 'list'>['rows'][number]
export type RuleDetails = Output<'audiences', 'one'>
export type RuleType = RuleDetails['rule']['type']

/** What a trial begins with. */
export interface Beginning {
  readonly tree: Predicate
  readonly type: RuleType
  readonly name: string
  readonly priority: number | null
  readonly exclusions: RuleDetails['rule']['exclusions']
}

export const typeWords: Record<RuleType, { readonly one: string; readonly many: string }> = {
  segment: { one: 'segment', many: 'segments' },
  target_group: { one: 'target group', many: 'target groups' },
}
