/** The figures that the Home page begins with: account_overview over the last whole days, against as many before. */
import { z } from 'zod'
import { addDays, dayOf } from '../../../core/period.ts'
import { accountOverviewInput } from '../../../domain/reports/index.ts'
import { account, query } from '../define.ts'

export default {
  overview: query({
    input: z.strictObject({ account, days: z.literal([7, 28]) }),
    run: async ({ input, at, stores, signal }) => {
      const { principal, services } = await at(input.account)
      // Today is not over: it would lose against any whole day.
      const endDate = addDays(dayOf(stores.clock(), principal.account.timeZone), -1)
      const question = accountOverviewInput.parse({
        startDate: addDays(endDate, 1 - input.days),
        endDate,
        metrics: ['revenue', 'orders', 'deliveries', 'openRate', 'clickRate', 'unsubscribeRate'],
        timeBasis: 'event',
        compareTo: 'previousPeriod',
        timeline: 'day',
      })
      return await services.reports.overview(question, signal)
    },
  }),
}
