/** Flow (alias journey): the automatic path that sends campaigns. */
import { z } from 'zod'
import { conditionSchema, predicateSchema } from '../../predicates/index.ts'
import { defineEntityType } from '../define.ts'
import { instantField, keyField } from '../fields.ts'

export const nodeKinds = ['event_start', 'schedule_start', 'condition', 'step', 'splitter', 'wait', 'ab_split', 'limit'] as const

export const flowDefinition = z.strictObject({
  versions: z
    .array(z.strictObject({ number: z.number().int().min(1), status: z.enum(['draft', 'active', 'stopped']), from: instantField.optional(), to: instantField.optional() }))
    .max(200)
    .default([]),
  nodes: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(100),
        kind: z.enum(nodeKinds),
        name: z.string().max(200).optional(),
        /** The campaign that a step sends. */
        campaign: keyField.optional(),
        /** Of an event start. */
        event: z.string().min(1).max(200).optional(),
        where: z.array(conditionSchema).max(20).optional(),
        /** Of a schedule start, in words: `daily at 09:00`. */
        schedule: z.string().min(1).max(200).optional(),
        /** Of a condition: who goes on by the first of `next`; the others by the second. */
        condition: predicateSchema.optional(),
        waitMinutes: z.number().int().min(0).max(5_256_000).optional(),
        /** Of a splitter or A/B test: the share of each of `next`, 0 to 1. */
        shares: z.array(z.number().min(0).max(1)).max(20).optional(),
        /** Of a limit: how many customers pass in so many days. */
        limit: z.strictObject({ customers: z.number().int().min(1), days: z.number().int().min(1).max(3650) }).optional(),
        next: z.array(z.string().min(1).max(100)).max(20).default([]),
      }),
    )
    .max(150)
    .default([]),
  /** How often one customer may enter. */
  launch: z.strictObject({ entries: z.enum(['once', 'repeatedly']).default('repeatedly'), pauseDays: z.number().int().min(0).max(3650).optional() }).optional(),
})
export type FlowDefinition = z.output<typeof flowDefinition>

export default defineEntityType({
  type: 'flow',
  title: 'Flow',
  description: 'An automatic path (also called journey): what starts it, its steps, waits and tests, and the campaigns it sends.',
  scope: 'read:flows',
  sight: 'own',
  statuses: ['active', 'draft', 'paused', 'completed', 'stopped', 'archived'],
  definition: flowDefinition,
  summary: ({ versions, nodes }) =>
    [versions.length ? `version ${Math.max(...versions.map(({ number }) => number))}` : undefined, nodes.length ? `${nodes.length} nodes` : undefined].filter(Boolean).join(', ') ||
    'Flow',
  links: ({ nodes }) => nodes.flatMap(({ campaign }) => (campaign ? [{ rel: 'sends', type: 'campaign', key: campaign }] : [])),
  rules: ({ nodes }) => nodes.flatMap(({ condition }, index) => (condition ? [{ path: `nodes[${index}].condition`, tree: condition }] : [])),
})
