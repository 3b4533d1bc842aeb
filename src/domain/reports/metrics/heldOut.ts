/** The metric heldOut. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'heldOut',
  title: 'Held out',
  unit: 'count',
  definition: 'Messages withheld: customers chosen for the campaign and kept in its control group.',
  version: 1,
  section: 'A message',
  needs: [],
  numerator: 'heldOut',
  denominator: null,
})
