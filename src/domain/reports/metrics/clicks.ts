/** The metric clicks. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'clicks',
  title: 'Clicks',
  unit: 'count',
  definition: 'Messages clicked at least once by a person; bot clicks are dropped.',
  version: 1,
  section: 'A message',
  needs: ['clicks'],
  numerator: 'clicks',
  denominator: null,
})
