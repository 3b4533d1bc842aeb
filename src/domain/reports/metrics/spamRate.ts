/** The metric spamRate. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'spamRate',
  title: 'Spam rate',
  unit: 'rate',
  definition: 'Complaints / deliveries, over channels that report complaints.',
  version: 1,
  section: 'A message',
  needs: ['complaints'],
  numerator: 'complaints',
  denominator: 'deliveries',
})
