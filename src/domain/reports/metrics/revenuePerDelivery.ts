/** The metric revenuePerDelivery. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'revenuePerDelivery',
  title: 'Revenue per delivery',
  unit: 'money',
  definition: 'Revenue / deliveries, over the channels of the goal.',
  version: 1,
  section: 'Attribution',
  needs: [],
  numerator: 'revenue',
  denominator: 'deliveries',
})
