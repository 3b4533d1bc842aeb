/** The metric deliveryRate. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'deliveryRate',
  title: 'Delivery rate',
  unit: 'rate',
  definition: 'Deliveries / sends.',
  version: 1,
  section: 'A message',
  needs: [],
  numerator: 'deliveries',
  denominator: 'sends',
})
