/** The metric hardBounces. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'hardBounces',
  title: 'Hard bounces',
  unit: 'count',
  definition: 'Messages with a hard bounce; a bounce without a type is hard.',
  version: 1,
  section: 'A message',
  needs: ['bounces'],
  numerator: 'hardBounces',
  denominator: null,
})
