/** The prompt best_campaigns: which campaigns did best, by a figure the person chooses. It must not rank noise. */
import { definePrompt, endDate, period, startDate, steps } from './define.ts'

export default definePrompt({
  name: 'best_campaigns',
  title: 'Find the best campaigns',
  description: 'The campaigns that did best by a figure you choose, and whether it was more than their control groups.',
  arguments: {
    metric: { description: 'What "best" means. Default: revenue', complete: 'metric' },
    startDate,
    endDate,
    goal: { description: 'Which orders count. Default: the account’s first goal', complete: 'goal' },
  },
  tools: ['metric_definitions', 'campaign_report'],
  text: ({ metric, startDate, endDate, goal }, tool) => `Find the campaigns that did best by ${metric ?? '"revenue"'}${goal === undefined ? '' : `, for the goal ${goal}`}.

${steps(
  `${tool('metric_definitions')} with metrics [${metric ?? '"revenue"'}, "deliveries"]: what exactly the figure counts, and which channels report it.`,
  `${tool('campaign_report')} with ${period(startDate, endDate, 'no dates, which means the last 90 days')}, metrics beginning with ${metric ?? '"revenue"'} and holding "deliveries", mode detailed, activationType manual, limit 20${goal === undefined ? '' : `, goal ${goal}`}. The first metric sorts the rows.`,
  `For those that have a control group, ${tool('campaign_report')} with campaignIds of the first five and mode full: uplift with its interval.`,
)}

Report the first five in a table: name, day, channel, the figure with its 95 % interval where there is one, deliveries. Where the figure is a rate, leave out campaigns whose interval is too wide to tell them from the next and say how many you left out; where intervals overlap, say that the order between them is not settled. Say how much of the total the five make. An uplift whose interval holds zero is "not shown", not "none".`,
})
