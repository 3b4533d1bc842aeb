/** The prompt audience_reach: how many people an audience has and on which channels they can be reached. It must never go below the floor. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'audience_reach',
  title: 'Size an audience',
  description: 'How many customers a segment, a target group or a rule in your own words takes in, and on which channels they may be reached.',
  arguments: {
    segment: { description: 'A segment, by name', complete: 'segment' },
    targetGroup: { description: 'A target group, by name', complete: 'target_group' },
    rule: { description: 'Or in words: gold customers in Germany or France who have not ordered for 90 days' },
  },
  tools: ['audience_size'],
  text: ({ segment, targetGroup, rule }, tool) => `Say how large an audience is and on which channels it can be reached.
${
  [
    ...(segment === undefined ? [] : [`- the segment ${segment}`]),
    ...(targetGroup === undefined ? [] : [`- the target group ${targetGroup}`]),
    ...(rule === undefined ? [] : [`- whoever fits this description: ${rule}`]),
  ].join('\n') || '- not given: ask which segment, target group or rule is meant'
}

${steps(
  `Call ${tool('audience_size')} once for each of these, with exactly one of segment, targetGroup and tree.`,
  rule === undefined
    ? undefined
    : 'Write the description as a tree: every part of it one predicate, nothing added, nothing left out. An unknown attribute or value is an error that names the nearest: use one only if it means the same, and ask otherwise.',
  'Read the rule in words that the answer gives, and compare it with what was asked for. If they differ, mend the tree and call again.',
)}

Report: the number of customers; for each channel how many may be reached by consent, and their share; the rule in words; the day and time the count was made. "fewer than 10" stays so: do not work the number out from other counts, and do not ask for narrower rules to get at it. Channels overlap: reachable customers of several channels are not added. Audiences of several rules overlap too.`,
})
