/** The metric uplift. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'uplift',
  title: 'Uplift',
  unit: 'uplift',
  definition:
    'Per customer, treated minus held out, in the measurement window, whatever was clicked: visits, ordering and revenue, with both group sizes, a 95 % interval and a p-value.',
  version: 1,
  section: 'Uplift',
})
