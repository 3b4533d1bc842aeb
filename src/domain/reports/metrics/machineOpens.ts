/** The metric machineOpens. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'machineOpens',
  title: 'Machine opens',
  unit: 'count',
  definition: 'Messages opened only by machines (privacy proxies, scanners).',
  version: 1,
  section: 'A message',
  needs: ['opens'],
  numerator: 'machineOpens',
  denominator: null,
})
