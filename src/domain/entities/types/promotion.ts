/** Promotion: a reward that campaigns offer. Its validity is the row's startsAt and endsAt. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { lineOf, moneyField } from '../fields.ts'

export const rewardKinds = ['percentage', 'amount', 'free_shipping', 'gift', 'points'] as const

export const promotionDefinition = z.strictObject({
  reward: z
    .strictObject({
      kind: z.enum(rewardKinds),
      /** Per cent or points. */
      value: z.number().min(0).max(1_000_000).optional(),
      /** Of the kind `amount`. */
      money: moneyField.optional(),
      gift: z.string().max(200).optional(),
    })
    .optional(),
  /** What one redemption costs the company. */
  cost: moneyField.optional(),
  /** One code for all, or one for each customer, of which only the number is kept. */
  codes: z.union([z.strictObject({ shared: z.string().min(1).max(100) }), z.strictObject({ unique: z.number().int().min(0) })]).optional(),
})
export type PromotionDefinition = z.output<typeof promotionDefinition>

function rewardWords(reward: PromotionDefinition['reward']): string | undefined {
  if (!reward) return undefined
  const { kind, value, money, gift } = reward
  if (kind === 'percentage') return `${value ?? '?'} % off`
  if (kind === 'amount') return money ? `${money.amount} ${money.currency} off` : 'an amount off'
  if (kind === 'points') return `${value ?? '?'} points`
  return kind === 'gift' ? `gift${gift ? ` ${gift}` : ''}` : 'free shipping'
}

export default defineEntityType({
  type: 'promotion',
  title: 'Promotion',
  description: 'A reward that campaigns offer: what the customer gets, what it costs, when it is valid, its codes.',
  scope: 'read:campaigns',
  sight: 'own',
  statuses: ['active', 'draft', 'scheduled', 'paused', 'completed', 'stopped', 'archived'],
  definition: promotionDefinition,
  summary: ({ reward, codes }) => lineOf([rewardWords(reward), codes && ('shared' in codes ? `code ${codes.shared}` : `${codes.unique} codes`)], 'Promotion'),
  links: () => [],
  rules: () => [],
})
