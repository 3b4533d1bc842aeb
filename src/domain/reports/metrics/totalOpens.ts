/** The metric totalOpens. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'totalOpens',
  title: 'Total opens',
  unit: 'count',
  definition: 'Open events by people, repeats included.',
  version: 1,
  section: 'A message',
  needs: ['opens'],
  numerator: 'totalOpens',
  denominator: null,
})
