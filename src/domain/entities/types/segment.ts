/** Segment: customers described by a rule. */
import { z } from 'zod'
import { predicateSchema } from '../../predicates/index.ts'
import { defineEntityType } from '../define.ts'

export const segmentDefinition = z.strictObject({
  /** Absent: the platform keeps the rule, and Mercat knows the name alone. */
  predicate: predicateSchema.optional(),
})

export default defineEntityType({
  type: 'segment',
  title: 'Segment',
  description: 'Customers described by a rule over their attributes and behaviour.',
  scope: 'read:segments',
  sight: 'own',
  statuses: ['active', 'draft', 'archived'],
  definition: segmentDefinition,
  summary: ({ predicate }) => (predicate ? 'rule' : 'rule kept by the platform'),
  links: () => [],
  rules: ({ predicate }) => (predicate ? [{ path: 'predicate', tree: predicate }] : []),
})
