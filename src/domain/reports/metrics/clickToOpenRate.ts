/** The metric clickToOpenRate. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'clickToOpenRate',
  title: 'Click-to-open rate',
  unit: 'rate',
  definition: 'Clicks / opens, over channels that report both.',
  version: 1,
  section: 'A message',
  needs: ['clicks', 'opens'],
  numerator: 'clicks',
  denominator: 'opens',
})
