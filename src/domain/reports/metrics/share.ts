/** The metric share. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'share',
  title: 'Share of the total',
  unit: 'share',
  definition: 'For each sum of a row, its part of the summary, as a column of its own: deliveries.share.',
  version: 1,
  section: 'A message',
})
