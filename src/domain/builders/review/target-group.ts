/** What a target group would be. Changes nothing. */
import { targetGroupDefinition } from '../../entities/index.ts'
import { said } from '../context.ts'
import { calledBy, type Part, readable, referenceWarnings, type ReviewRow, type Reviewing, line, namedBy, ruleWords } from './part.ts'

export async function reviewTargetGroup(context: Reviewing, { id, name, definition }: ReviewRow): Promise<Part> {
  const { predicate, priority, exclusions } = targetGroupDefinition.parse(definition)
  if (!predicate) return { words: [`Target group ${said(name)}: its platform keeps the rule.`], warnings: [] }
  const { text, warnings } = await ruleWords(context, predicate, 'predicate')
  const others = await namedBy(context, 'target_group', 'key', exclusions)
  const see = readable(context, 'target_group')
  // Stored, it is counted by its id, which members may who see only a part; others give the rule itself.
  const stored = context.lenient && id !== undefined
  return {
    words: [
      line(`Target group ${said(name)}: ${text}.`),
      ...(priority === undefined ? [] : [`Its priority is ${priority}: who is in an active group with a lower number is not in this one.`]),
      ...exclusions.map((key) => `It leaves out whoever is in ${calledBy('target group', key, others.get(key))}.`),
    ],
    warnings: [...warnings, ...exclusions.flatMap((key) => referenceWarnings('target group', key, others.get(key), see))],
    counting: { ask: stored ? { targetGroup: id } : { tree: predicate as unknown as Record<string, unknown>, unstored: { at: context.ruleAt, priority, exclusions } } },
  }
}
