/** The metric opens. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'opens',
  title: 'Opens',
  unit: 'count',
  definition: 'Messages opened at least once by a person; machine opens are apart.',
  version: 1,
  section: 'A message',
  needs: ['opens'],
  numerator: 'opens',
  denominator: null,
})
