/** The metric softBounces. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'softBounces',
  title: 'Soft bounces',
  unit: 'count',
  definition: 'Messages with soft bounces only.',
  version: 1,
  section: 'A message',
  needs: ['bounces'],
  numerator: 'softBounces',
  denominator: null,
})
