/** The metric botClicks. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'botClicks',
  title: 'Bot clicks',
  unit: 'count',
  definition: "Click events flagged as a machine's, or 4 and more within 1 s or 5 and more within 10 s on one message.",
  version: 1,
  section: 'A message',
  needs: ['clicks'],
  numerator: 'botClicks',
  denominator: null,
})
