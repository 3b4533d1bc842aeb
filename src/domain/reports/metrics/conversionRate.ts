/** The metric conversionRate. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'conversionRate',
  title: 'Conversion rate',
  unit: 'rate',
  definition: 'Orders / deliveries, over the channels of the goal.',
  version: 1,
  section: 'Attribution',
  needs: [],
  numerator: 'orders',
  denominator: 'deliveries',
})
