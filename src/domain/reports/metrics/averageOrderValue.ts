/** The metric averageOrderValue. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'averageOrderValue',
  title: 'Average order value',
  unit: 'money',
  definition: "Revenue / orders in the account's currency.",
  version: 1,
  section: 'Attribution',
  needs: [],
  numerator: 'revenue',
  denominator: 'pricedOrders',
})
