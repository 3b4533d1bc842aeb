/** Trigger: an event of a customer that something follows. */
import { z } from 'zod'
import { conditionSchema, predicateSchema } from '../../predicates/index.ts'
import { defineEntityType } from '../define.ts'
import { countOf, keyField, lineOf } from '../fields.ts'

export const triggerDefinition = z.strictObject({
  /** As events are named: a message event, `ordered`, or a kind of web event. */
  event: z.string().trim().min(1).max(200).optional(),
  /** On the event's own parameters; all must hold. */
  where: z.array(conditionSchema).max(20).default([]),
  /** Which customers it is for; absent: all. */
  audience: predicateSchema.optional(),
  /** How long after the event the follow-up may still go out. */
  windowHours: z.number().int().min(1).max(8760).optional(),
  followUp: z.strictObject({ flow: keyField.optional(), campaign: keyField.optional(), delayMinutes: z.number().int().min(0).max(525_600).optional() }).optional(),
})
export type TriggerDefinition = z.output<typeof triggerDefinition>

export default defineEntityType({
  type: 'trigger',
  title: 'Trigger',
  description: 'An event of a customer, conditions on its parameters, and the flow or campaign that follows within a window.',
  scope: 'read:flows',
  sight: 'own',
  statuses: ['active', 'draft', 'paused', 'stopped', 'archived'],
  definition: triggerDefinition,
  summary: ({ event, where, windowHours }) =>
    lineOf([event && `on ${event}`, countOf(where.length, 'condition'), windowHours === undefined ? undefined : `within ${windowHours} h`], 'Trigger'),
  links: ({ followUp }) => [
    ...(followUp?.flow ? [{ rel: 'follow-up', type: 'flow', key: followUp.flow }] : []),
    ...(followUp?.campaign ? [{ rel: 'follow-up', type: 'campaign', key: followUp.campaign }] : []),
  ],
  rules: ({ event, where, audience }) => [...(event === undefined ? [] : [{ path: '', tree: { did: event, where } }]), ...(audience ? [{ path: 'audience', tree: audience }] : [])],
})
