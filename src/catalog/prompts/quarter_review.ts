/** The prompt quarter_review: one quarter of the account against the one before and the year before. It must not count campaigns and the whole account twice. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'quarter_review',
  title: 'Review a quarter',
  description: 'How a quarter went: all orders and revenue, the share that campaigns and flows earned, channels, and the campaigns that made it.',
  arguments: { quarter: { description: 'For example 2026-Q3. Default: the last complete one', complete: 'quarter' } },
  tools: ['account_overview', 'campaign_report'],
  text: (
    { quarter },
    tool,
  ) => `Review the calendar quarter ${quarter ?? 'that ended last'}. Its startDate and endDate are its first and last day; if it is not over yet, end with yesterday and say so.

${steps(
  `${tool('account_overview')} with startDate, endDate, compareTo previousYear and timeline month: orders, revenue, the share that campaigns and flows earned, channels.`,
  `${tool('account_overview')} again with compareTo previousPeriod: the quarter before.`,
  `${tool('campaign_report')} with the same dates, activationType manual, metrics revenue, orders, deliveries and conversionRate, and limit 10: the campaigns behind it.`,
  `If a change stands out, look at it once more: ${tool('campaign_report')} grouped by channel, brand or folder.`,
)}

Report: one sentence that says how it went; a table of the main figures with both comparisons, the year before first, since seasons repeat; the months; the channels; five campaigns, each with deliveries beside its revenue. Then what is worth a look, with its figure.
The whole account holds what campaigns and flows earned: never add the two. A comparison with a quarter of other length or without data says so instead of a percentage. Attributed is not caused: speak of uplift only where the answer gives one, with its interval.`,
})
