/** The prompt flow_ranking: which automatic journeys earn their keep. It must not add flows to campaigns. */
import { definePrompt, endDate, period, startDate, steps } from './define.ts'

export default definePrompt({
  name: 'flow_ranking',
  title: 'Rank the flows',
  description: 'Which flows bring the most, which are stopped or do little, and what they are worth per message.',
  arguments: { startDate, endDate, goal: { description: 'Which orders count. Default: the account’s first goal', complete: 'goal' } },
  tools: ['flow_report'],
  text: ({ startDate, endDate, goal }, tool) => `Rank the flows.

${steps(
  `${tool('flow_report')} with ${period(startDate, endDate, 'no dates, which means the last 90 days')}, metrics orders, revenue, deliveries, revenuePerDelivery, mode detailed, compareTo previousPeriod${goal === undefined ? '' : `, goal ${goal}`}.`,
  `For the first flow and for the one that fell most, ${tool('flow_report')} with flowIds and groupBy campaign: which message carries it.`,
)}

Report a table by orders: flow, status, deliveries, orders, revenue, revenue per delivery, change. Below it: flows that are active and sent nothing, and flows that were stopped within the period, whose fall needs no other reason. Their messages are in the campaign report too: never add the two, and call what they earned attributed, not caused.`,
})
