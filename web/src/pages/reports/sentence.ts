/** A tool call as one sentence that a person would say. */
import type { Arguments, Tab } from './question.ts'
import type { Choices } from './types.ts'

const subjects: Readonly<Record<Tab, string>> = {
  overview: 'the overview of the whole account',
  campaigns: 'the figures of the campaigns',
  flows: 'the figures of the flows',
  channels: 'the figures of each channel',
  health: 'the health of our e-mail',
}

const compared: Readonly<Record<string, string>> = { previousPeriod: 'the period before', previousYear: 'the same days a year earlier' }

/** Names of what is filtered by id; the id where it has none. */
function namesOf(ids: unknown, choices: readonly { readonly id: string; readonly name: string }[] = []): string {
  return words((ids as readonly string[]).map((id) => choices.find((choice) => choice.id === id)?.name ?? id).map((name) => `“${name}”`))
}

function words(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

export function sentenceOf(tool: string, tab: Tab, asked: Arguments, choices: Choices | undefined): string {
  const { startDate, endDate, groupBy, metrics, channels, brands, folders, tags, flowIds, goal, nameContains, activationType, activeOnly, timeBasis, timeline, compareTo } = asked
  const pieces: [unknown, () => string][] = [
    [startDate, () => `from ${startDate} to ${endDate}`],
    [!startDate && tab !== 'health', () => 'for the last 90 days'],
    [groupBy, () => `by ${groupBy}`],
    [channels, () => `on ${words(channels as string[])}`],
    [brands, () => `of the brand ${namesOf(brands, choices?.brands)}`],
    [folders, () => `in the folder ${namesOf(folders, choices?.folders)}`],
    [tags, () => `tagged ${namesOf(tags)}`],
    [flowIds, () => `of the flow ${namesOf(flowIds, choices?.flows)}`],
    [nameContains, () => `with “${nameContains}” in the name`],
    [activationType, () => (activationType === 'automatic' ? 'sent by flows' : 'sent by hand')],
    [activeOnly, () => 'that are active now'],
    [goal, () => `for the goal “${goal}”`],
    [timeBasis, () => 'counted by the day things happened'],
    [metrics, () => `with ${words(metrics as string[])}`],
    [timeline, () => `over time by ${timeline}`],
    [compareTo, () => `compared with ${compared[String(compareTo)] ?? compareTo}`],
  ]
  const said = pieces.filter(([given]) => given !== undefined && given !== false).map(([, say]) => say())
  return `Use ${tool} to show ${[subjects[tab], ...said].join(', ')}.`
}
