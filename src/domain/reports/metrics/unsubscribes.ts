/** The metric unsubscribes. It must not compute anything. */
import { defineMetric } from '../metric.ts'

export default defineMetric({
  id: 'unsubscribes',
  title: 'Unsubscribes',
  unit: 'count',
  definition: "Messages whose recipient unsubscribed, not within 10 s of a bot's click.",
  version: 1,
  section: 'A message',
  needs: ['unsubscribes'],
  numerator: 'unsubscribes',
  denominator: null,
})
