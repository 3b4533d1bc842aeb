/** The metric sends. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'sends',
  title: 'Sends',
  unit: 'count',
  definition: 'Messages sent, those included whose sending a later event implies.',
  version: 1,
  section: 'A message',
  needs: [],
  numerator: 'sends',
  denominator: null,
})
