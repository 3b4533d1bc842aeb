/** The figures that the Home page begins with: account_overview of today so far, or over the last whole days against as many before. */
import { z } from 'zod'
import { addDays, dayOf } from '../../../core/period.ts'
import { accountOverviewInput } from '../../../domain/reports/index.ts'
import { account, query } from '../define.ts'

export default {
  overview: query({
    input: z.strictObject({
      account,
      /** 0: today so far, which is compared with nothing: it is not over. */
      days: z.literal([0, 7, 28]),
    }),
    run: async ({ input, at, stores, signal }) => {
      const { principal, services } = await at(input.account)
      const today = dayOf(stores.clock(), principal.account.timeZone)
      const whole = input.days > 0
      const question = accountOverviewInput.parse({
        startDate: addDays(today, -input.days),
        endDate: whole ? addDays(today, -1) : today,
        metrics: ['revenue', 'orders', 'deliveries', 'openRate', 'clickRate', 'unsubscribeRate'],
        timeBasis: 'event',
        ...(whole ? { compareTo: 'previousPeriod', timeline: 'day' } : {}),
      })
      return await services.reports.overview(question, signal)
    },
  }),
}
