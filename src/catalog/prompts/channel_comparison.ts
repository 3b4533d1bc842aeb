/** The prompt channel_comparison: what each channel brings. It must not compare figures that a channel cannot report. */
import { definePrompt, endDate, period, startDate, steps } from './define.ts'

export default definePrompt({
  name: 'channel_comparison',
  title: 'Compare the channels',
  description: 'What each channel brings in all and per delivery, campaigns and flows together, and what each cannot report.',
  arguments: { startDate, endDate },
  tools: ['channel_report', 'metric_definitions'],
  text: ({ startDate, endDate }, tool) => `Compare the channels.

${steps(
  `${tool('channel_report')} with ${period(startDate, endDate, 'no dates, which means the last 90 days')}, mode detailed, compareTo previousPeriod.`,
  `${tool('metric_definitions')} for the metrics you report: which channels report each.`,
)}

Report a table with one row per channel: deliveries, orders, revenue, share of the total, revenue per delivery, uplift where there is one. A figure that a channel cannot report is "not reported", never zero and never a reason to call the channel weak; opens are compared within a channel over time only. Channels reach different people at different moments: say so, and do not advise moving money from one to another on these figures alone.`,
})
