/** The metric deliveries. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'deliveries',
  title: 'Deliveries',
  unit: 'count',
  definition: 'Sent messages that were delivered: explicit delivery events where the campaign and channel have any, otherwise sent without bounce or failure.',
  version: 1,
  section: 'A message',
  needs: [],
  numerator: 'deliveries',
  denominator: null,
})
