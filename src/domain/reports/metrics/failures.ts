/** The metric failures. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'failures',
  title: 'Failures',
  unit: 'count',
  definition: 'Messages the provider failed to send.',
  version: 1,
  section: 'A message',
  needs: [],
  numerator: 'failures',
  denominator: null,
})
