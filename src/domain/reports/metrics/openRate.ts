/** The metric openRate. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'openRate',
  title: 'Open rate',
  unit: 'rate',
  definition: 'Opens / deliveries, over channels that report opens.',
  version: 1,
  section: 'A message',
  needs: ['opens'],
  numerator: 'opens',
  denominator: 'deliveries',
})
