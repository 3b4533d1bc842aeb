/** The metric bounces. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'bounces',
  title: 'Bounces',
  unit: 'count',
  definition: 'Messages bounced, hard and soft together.',
  version: 1,
  section: 'A message',
  needs: ['bounces'],
  numerator: 'bounces',
  denominator: null,
})
