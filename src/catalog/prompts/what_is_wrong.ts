/** The prompt what_is_wrong: is everything working, and is the data fresh. It must not call what is late broken. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'what_is_wrong',
  title: 'See what is wrong',
  description: 'Is everything working? When did data last come in, was any rejected, and what is running or has failed?',
  arguments: { symptom: { description: 'What you noticed, for example: yesterday’s orders are missing' } },
  tools: ['platform_status', 'pipeline_status', 'list_jobs'],
  text: ({ symptom }, tool) => `Find out ${symptom === undefined ? 'whether anything is wrong' : `what is behind this: ${symptom}`}.

${steps(
  `${tool('platform_status')}: stores, sources, jobs, each with its state.`,
  `${tool('pipeline_status')}: for each source the last load and its state, rows accepted and rejected with reasons, newest event and lag. Look at the volumes of the last 7 days: a day far below the others was perhaps not loaded in full.`,
  `${tool('list_jobs')} with state failed, then with state running: what failed, with its error, and what is still under way.`,
)}

Report: a verdict in one sentence (all well, late, or broken); then what is not well, with since when, how many rows or jobs, and the reason as the answer words it; then which figures are concerned and from which day on they can be trusted; then who can do what. Data that comes once a day is not late before its time. If all is well, say so in two lines${symptom === undefined ? '' : ', and what else could explain the symptom'}. You can mend nothing from here.`,
})
