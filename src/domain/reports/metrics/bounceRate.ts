/** The metric bounceRate. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'bounceRate',
  title: 'Bounce rate',
  unit: 'rate',
  definition: 'Hard bounces / sends, over channels that report bounces.',
  version: 1,
  section: 'A message',
  needs: ['bounces'],
  numerator: 'hardBounces',
  denominator: 'sends',
})
