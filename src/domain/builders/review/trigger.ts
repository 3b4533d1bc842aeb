/** What a trigger would be. Changes nothing. */
import { label } from '../../../core/match.ts'
import { nearest } from '../../../core/text.ts'
import { triggerDefinition } from '../../entities/index.ts'
import { explain, type Predicate } from '../../predicates/index.ts'
import type { Warning } from '../answer.ts'
import { said } from '../context.ts'
import { eventNamed, firedBy, lookBackDays } from '../events.ts'
import { calledBy, type Counting, line, type Named, namedBy, type Part, readable, referenceWarnings, type ReviewRow, type Reviewing, ruleWords } from './part.ts'

type Trigger = ReturnType<typeof triggerDefinition.parse>

export async function reviewTrigger(context: Reviewing, { name, definition }: ReviewRow): Promise<Part> {
  const trigger = triggerDefinition.parse(definition)
  const { event, where, audience, windowHours } = trigger
  const rule = audience ? await ruleWords(context, audience, 'audience') : undefined
  const next = await followUpOf(context, trigger)
  const vocabulary = await context.vocabulary()
  const fired = event === undefined ? undefined : firedBy(vocabulary, event, where, audience)
  const aside = [...new Set(fired?.aside ?? [])].map(said).join(', ')
  return {
    words: [
      line(event === undefined ? `Trigger ${said(name)}: no event is named.` : `Trigger ${said(name)}: fires for a customer ${eventWords({ did: event, where })}.`),
      line(rule ? `Only for ${rule.text}.` : 'For every customer.'),
      next.words,
      ...(windowHours === undefined ? [] : [`The follow-up may go out up to ${windowHours} ${windowHours === 1 ? 'hour' : 'hours'} after the event.`]),
    ],
    warnings: [
      ...(rule?.warnings ?? []),
      ...next.warnings,
      ...(event === undefined || eventNamed(vocabulary, event)
        ? []
        : [
            notSeen(
              event,
              vocabulary.behaviours.map((one) => one.name),
            ),
          ]),
      ...(aside
        ? [{ code: 'conditions_not_counted', text: `Mercat keeps no ${aside} of this event: the audience is counted without it; the platform that fires the trigger checks it.` }]
        : []),
    ],
    counting: countingOf(fired?.tree, audience),
  }
}

/** The clause of an explanation without the count: `who did "deposit" where amount is more than 100`. */
function eventWords(did: Predicate): string {
  return explain(did)
    .text.replace(/^Customers /, '')
    .replace(/ at least 1 (time|message|order)/, (_, noun: string) => (noun === 'time' ? '' : noun === 'order' ? ' an order' : ' a message'))
}

function notSeen(event: string, known: readonly string[]): Warning {
  const near = nearest(label(event), known)
  return {
    code: 'event_not_seen',
    text: `No event called ${said(event)} has come in yet${near.length ? `; nearest: ${near.map(said).join(', ')}` : ''}. Check its name: the trigger waits for exactly this one.`,
  }
}

function countingOf(fired: Predicate | undefined, audience: Predicate | undefined): Counting | undefined {
  const tree = fired ?? audience
  if (!tree) return undefined
  return {
    ask: { tree: tree as unknown as Record<string, unknown>, unstored: { at: audience ? 'audience' : 'event' } },
    ...(fired ? { few: `It would have fired for next to nobody in the last ${lookBackDays} days: check the event, its conditions and the audience.` } : {}),
    note: fired ? `Counted: whom it would have fired for in the last ${lookBackDays} days.` : 'Counted: the audience, whether the event came or not.',
  }
}

async function followUpOf(context: Reviewing, { followUp }: Trigger): Promise<{ words: string; warnings: Warning[] }> {
  const [type, key] = followUp?.flow !== undefined ? (['flow', followUp.flow] as const) : (['campaign', followUp?.campaign] as const)
  if (key === undefined) return { words: 'Nothing follows it.', warnings: [{ code: 'no_follow_up', text: 'Nothing follows the trigger: name a flow or a campaign as followUp.' }] }
  const named = (await namedBy(context, type, 'key', [key])).get(key)
  const delay = followUp?.delayMinutes
  return {
    words: `Then: ${calledBy(type, key, named)}${delay ? `, ${delay} ${delay === 1 ? 'minute' : 'minutes'} later` : ', at once'}.`,
    warnings: [...referenceWarnings(type, key, named, readable(context, type)), ...notActive(type, named)],
  }
}

function notActive(type: string, named: Named | undefined): Warning[] {
  if (!named || ['active', 'scheduled', 'archived'].includes(named.status)) return []
  return [{ code: 'follow_up_not_active', text: `The ${type} ${said(named.name)} is ${named.status}: nothing follows the trigger until it is active.` }]
}
