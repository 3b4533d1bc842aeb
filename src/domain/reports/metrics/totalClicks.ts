/** The metric totalClicks. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'totalClicks',
  title: 'Total clicks',
  unit: 'count',
  definition: 'Click events by people, repeats included.',
  version: 1,
  section: 'A message',
  needs: ['clicks'],
  numerator: 'totalClicks',
  denominator: null,
})
