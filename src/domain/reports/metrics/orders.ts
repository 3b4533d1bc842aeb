/** The metric orders. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'orders',
  title: 'Orders',
  unit: 'count',
  definition: 'Orders of the goal that are attributed to the campaign, in any currency (conversions).',
  version: 1,
  section: 'Attribution',
  needs: [],
  numerator: 'orders',
  denominator: null,
})
