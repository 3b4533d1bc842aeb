/** The metric clickRate. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'clickRate',
  title: 'Click rate',
  unit: 'rate',
  definition: 'Clicks / deliveries, over channels that report clicks.',
  version: 1,
  section: 'A message',
  needs: ['clicks'],
  numerator: 'clicks',
  denominator: 'deliveries',
})
