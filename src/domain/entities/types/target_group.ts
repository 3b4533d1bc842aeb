/** Target group: what a campaign targets. */
import { z } from 'zod'
import { predicateSchema } from '../../predicates/index.ts'
import { defineEntityType } from '../define.ts'
import { countOf, keyField, lineOf } from '../fields.ts'

export const targetGroupDefinition = z.strictObject({
  /** Absent: the platform keeps the rule, and Mercat knows the name alone. */
  predicate: predicateSchema.optional(),
  /** Of several groups a customer is in, the one with the lowest number counts. */
  priority: z.number().int().min(1).max(10_000).optional(),
  /** Target groups whose customers are left out. */
  exclusions: z.array(keyField).max(100).default([]),
})

export default defineEntityType({
  type: 'target_group',
  title: 'Target group',
  description: 'What a campaign targets: a rule over customers, its priority among groups, and the groups it leaves out.',
  scope: 'read:segments',
  sight: 'own',
  statuses: ['active', 'draft', 'archived'],
  definition: targetGroupDefinition,
  summary: ({ predicate, priority, exclusions }) =>
    lineOf(
      [predicate ? 'rule' : 'rule kept by the platform', priority === undefined ? undefined : `priority ${priority}`, countOf(exclusions.length, 'exclusion')],
      'Target group',
    ),
  links: ({ exclusions }) => exclusions.map((key) => ({ rel: 'excludes', type: 'target_group', key })),
  rules: ({ predicate }) => (predicate ? [{ path: 'predicate', tree: predicate }] : []),
})
