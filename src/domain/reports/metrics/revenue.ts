/** The metric revenue. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'revenue',
  title: 'Revenue',
  unit: 'money',
  definition: "Amount of the attributed orders in the account's currency; other currencies are listed apart.",
  version: 1,
  section: 'Attribution',
  needs: [],
  numerator: 'revenue',
  denominator: null,
})
