/** Rules of campaigns as they are written and said. Pure. */
import type { CampaignRule } from './types.ts'

export interface RuleForm {
  /** Tells rules apart while they are moved; means nothing else. */
  readonly id: number
  readonly rule: CampaignRule
}

export type RuleKind = CampaignRule['from']

export const kindWords: Readonly<Record<RuleKind, string>> = {
  metadata: 'A field sent with the message',
  tag: 'Its first tag or category',
  provider: 'The platform’s own campaign',
  fixed: 'Always the same campaign',
}

export const kindOrder: readonly RuleKind[] = ['metadata', 'tag', 'provider', 'fixed']

export function emptyRule(from: RuleKind): CampaignRule {
  switch (from) {
    case 'metadata':
      return { from, name: '' }
    case 'tag':
      return { from }
    case 'provider':
      return { from }
    case 'fixed':
      return { from, key: '' }
  }
}

/** As it is saved: without what is around it, and without a prefix that is none. */
export function ruleOf({ rule }: RuleForm): CampaignRule {
  switch (rule.from) {
    case 'metadata':
      return { from: rule.from, name: rule.name.trim() }
    case 'tag':
      return rule.prefix === undefined || rule.prefix === '' ? { from: rule.from } : { from: rule.from, prefix: rule.prefix }
    case 'provider':
      return { from: rule.from }
    case 'fixed':
      return { from: rule.from, key: rule.key.trim() }
  }
}

/** What is missing in a rule. */
export function wrongIn(form: RuleForm): string | undefined {
  const rule = ruleOf(form)
  if (rule.from === 'metadata' && rule.name === '') return 'Write the name of the field'
  if (rule.from === 'fixed' && rule.key === '') return 'Write the key of the campaign'
  return undefined
}

/** "The field campaign_id sent with the message". */
export function ruleWords(rule: CampaignRule): string {
  switch (rule.from) {
    case 'metadata':
      return `The field ${rule.name} sent with the message`
    case 'tag':
      return rule.prefix ? `The first tag or category that begins with ${rule.prefix}, without it` : 'The first tag or category'
    case 'provider':
      return 'The platform’s own campaign'
    case 'fixed':
      return `Always ${rule.key}`
  }
}
