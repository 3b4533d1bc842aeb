/** What the filters of a report can name: the directory as short lists. Pure. */
import { label } from '../../core/match.ts'
import { channelNames } from '../channels.ts'
import type { ReportChoices } from './answer.ts'
import type { Directory } from './directory.ts'

/** More flows than anybody chooses from by hand; any other is still found by its id or name. */
const mostFlows = 500

export function choicesOf({ campaigns, flows, brands, folders, settings }: Directory): ReportChoices {
  const used = new Set(campaigns.map(({ channel }) => channel))
  const tags = new Set([...campaigns, ...flows].flatMap((owner) => owner.tags))
  return {
    // A campaign that does not say its channel may have used any.
    channels: channelNames.filter((channel) => used.has(channel) || used.has(null)),
    brands: named(brands),
    folders: named(folders),
    tags: [...tags].sort(),
    goals: settings.goals.map(({ name }) => name),
    flows: named(flows).slice(0, mostFlows),
    campaigns: campaigns.length,
  }
}

function named(choices: readonly { readonly id: string; readonly name: string }[]): ReportChoices['brands'] {
  return choices.map(({ id, name }) => ({ id, name: label(name) })).sort((a, b) => (a.name < b.name ? -1 : 1))
}
