/** The prompt email_trouble: is e-mail healthy, and if not, where it hurts. It must tell the symptom from the cause. */
import { definePrompt, endDate, period, startDate, steps } from './define.ts'

export default definePrompt({
  name: 'email_trouble',
  title: 'Look into e-mail',
  description: 'Is e-mail healthy? Which inbox provider, campaign or error is the trouble, since when, and what to do first.',
  arguments: { startDate, endDate },
  tools: ['email_health_report', 'list_execution_errors'],
  text: ({ startDate, endDate }, tool) => `Find out whether e-mail is healthy.

${steps(
  `${tool('email_health_report')} with ${period(startDate, endDate, 'no dates, which means the last 30 days')}: each rate with its judgement, the change of the last week, inbox providers, worst campaigns, advice.`,
  `If a rate is poor or got worse, run it once more for the 30 days before: has it been so for longer?`,
  `${tool('list_execution_errors')} with kind message, channels ["Email"] and the days of the trouble: the errors behind the bounces, with their share of the sends.`,
  'If one provider stands out, compare it with the others in the same weeks: one provider alone points to reputation or a block there, all of them to the list or the content.',
)}

Report: a verdict in one sentence; each rate with numerator, denominator and judgement; the provider or campaign at fault, since which day, with the count of messages concerned; the error texts as they are, quoted; then the advice of the answer in order of effect. Say what the figures cannot tell (what lands in the spam folder is not reported). A change within a week on few sends is no trend.`,
})
