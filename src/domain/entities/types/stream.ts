/** Stream: campaigns in an order, measured as a whole. */
import { z } from 'zod'
import { predicateSchema } from '../../predicates/index.ts'
import { defineEntityType } from '../define.ts'
import { countOf, keyField, lineOf } from '../fields.ts'

export const streamDefinition = z.strictObject({
  /** In the order they are tried; a customer gets the first whose condition holds. */
  campaigns: z
    .array(
      z.strictObject({
        campaign: keyField,
        /** What the customer gets: an offer, a template, a variant. */
        treatment: z.string().min(1).max(200).optional(),
        condition: predicateSchema.optional(),
      }),
    )
    .max(200)
    .default([]),
  /** Days in which the stream as a whole is measured; default: the account's attribution window. */
  measurementDays: z.number().int().min(1).max(365).optional(),
})
export type StreamDefinition = z.output<typeof streamDefinition>

export default defineEntityType({
  type: 'stream',
  title: 'Stream',
  description: 'Campaigns in an order, each with its treatment and condition, measured as a whole.',
  scope: 'read:flows',
  sight: 'own',
  statuses: ['active', 'draft', 'paused', 'completed', 'stopped', 'archived'],
  definition: streamDefinition,
  summary: ({ campaigns }) => lineOf([countOf(campaigns.length, 'campaign'), countOf(campaigns.filter(({ condition }) => condition).length, 'condition')], 'Stream'),
  links: ({ campaigns }) => [...new Set(campaigns.map(({ campaign }) => campaign))].map((key) => ({ rel: 'campaign', type: 'campaign', key })),
  rules: ({ campaigns }) => campaigns.flatMap(({ condition }, index) => (condition ? [{ path: `campaigns[${index}].condition`, tree: condition }] : [])),
})
