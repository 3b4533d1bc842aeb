/** What may be set of a source: checked strictly, told by name. Pure. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { MercatError } from '../../core/errors.ts'
import type { CampaignRule, SourceType } from './type.ts'

const short = z.string().trim().min(1).max(200)

/** What a source may be called. */
export const sourceNameSchema = z.string().trim().min(1).max(80)

/** Other loads go by these, and a pipeline is told by its name. */
const taken = ['import', 'demo', 'settings']

/**
 * Throws conflict when one of the account's other sources has the name, or what is no source goes by it.
 * @param others the account's other sources
 */
export function assertFreeName(name: string, others: readonly { readonly name: string }[]): void {
  const same = (other: { readonly name: string }) => other.name.toLowerCase() === name.toLowerCase()
  if (taken.some((one) => same({ name: one }))) throw new MercatError('conflict', `Mercat itself calls a pipeline “${name}”`, { argument: 'name', hint: 'Choose another name.' })
  if (others.some(same)) throw new MercatError('conflict', 'There is a source of this name', { argument: 'name', hint: 'Choose another name.' })
}

export const campaignRuleSchema: z.ZodType<CampaignRule> = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('metadata'), name: short }),
  z.strictObject({ from: z.literal('tag'), prefix: z.string().max(100).optional() }),
  z.strictObject({ from: z.literal('provider') }),
  z.strictObject({ from: z.literal('fixed'), key: short }),
])

const rulesSchema = z.array(campaignRuleSchema).min(1).max(10)

/** Throws invalid_arguments. */
export function parseRules(type: SourceType, given: unknown): readonly CampaignRule[] {
  if (!type.campaigns) throw new MercatError('invalid_arguments', `${type.title} brings no events of messages: it has no rules for campaigns`, { argument: 'campaignRules' })
  const parsed = rulesSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new MercatError('invalid_arguments', `campaignRules ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`, { argument: 'campaignRules' })
}

/**
 * Settings with those given in place of the ones before. What is empty is not set; what Mercat makes itself is made when it is not there.
 * Throws invalid_arguments for names the type does not have, and for values of the wrong form.
 */
export function parseSettings(type: SourceType, before: Readonly<Record<string, string>>, given: Readonly<Record<string, string>>): Record<string, string> {
  const { shape } = type.settings
  const settings: Record<string, string> = { ...before }
  for (const [name, text] of Object.entries(given)) {
    const member = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (!member)
      throw new MercatError('invalid_arguments', `${type.title} has no setting ${name.slice(0, 60)}`, { argument: `settings.${name.slice(0, 60)}`, allowed: Object.keys(shape) })
    const value = text.trim()
    if (value === '') {
      delete settings[name]
      continue
    }
    const parsed = member.safeParse(value)
    if (!parsed.success) {
      // The value may be a secret: it is not repeated.
      const title = member.meta()?.title ?? name
      throw new MercatError('invalid_arguments', `${title} ${wordsOf(parsed.error.issues[0])}`, { argument: `settings.${name}` })
    }
    settings[name] = value
  }
  for (const [name, member] of Object.entries(shape)) if (member.meta()?.generated === true) settings[name] ??= randomBytes(18).toString('base64url')
  return settings
}

/** In words for whoever pastes: the library's own speak of strings and patterns. A message that a source's file gives stands. */
function wordsOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'too_small') return 'is too short: copy the whole of it'
  if (issue?.code === 'too_big') return 'is too long: something else may have come along'
  const own = issue !== undefined && !issue.message.startsWith('Invalid')
  return own ? issue.message : 'does not look like one: copy it once more'
}
