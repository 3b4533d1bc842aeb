/** Flow (alias journey): the automatic path that sends campaigns. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'

const key = z.string().min(1).max(200)
const instant = z.iso.datetime({ offset: true })

export const nodeKinds = ['event_start', 'schedule_start', 'condition', 'step', 'splitter', 'wait', 'ab_split', 'limit'] as const

export const flowDefinition = z.strictObject({
  versions: z
    .array(z.strictObject({ number: z.number().int().min(1), status: z.enum(['draft', 'active', 'stopped']), from: instant.optional(), to: instant.optional() }))
    .max(200)
    .default([]),
  nodes: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(100),
        kind: z.enum(nodeKinds),
        name: z.string().max(200).optional(),
        /** The campaign that a step sends. */
        campaign: key.optional(),
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
  statuses: ['active', 'draft', 'paused', 'completed', 'stopped', 'archived'],
  definition: flowDefinition,
  summary: ({ versions, nodes }) =>
    [versions.length ? `version ${Math.max(...versions.map(({ number }) => number))}` : undefined, nodes.length ? `${nodes.length} nodes` : undefined].filter(Boolean).join(', ') ||
    'Flow',
  links: ({ nodes }) => nodes.flatMap(({ campaign }) => (campaign ? [{ rel: 'sends', type: 'campaign', key: campaign }] : [])),
})
