/** The metric complaints. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'complaints',
  title: 'Complaints',
  unit: 'count',
  definition: 'Messages whose recipient marked them as spam.',
  version: 1,
  section: 'A message',
  needs: ['complaints'],
  numerator: 'complaints',
  denominator: null,
})
