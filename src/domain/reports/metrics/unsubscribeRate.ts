/** The metric unsubscribeRate. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'unsubscribeRate',
  title: 'Unsubscribe rate',
  unit: 'rate',
  definition: 'Unsubscribes / deliveries, over channels that report unsubscribes.',
  version: 1,
  section: 'A message',
  needs: ['unsubscribes'],
  numerator: 'unsubscribes',
  denominator: 'deliveries',
})
