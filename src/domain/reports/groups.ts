/** Sorts campaigns' figures into the groups of a report. Pure; the order is total and stable. */
import { descending, measure, type MeasureContext } from './measure.ts'
import type { EntityHead } from '../entities/index.ts'
import { type Group, groupsOf, type Plan } from './plan.ts'
import { itemOf, type Facts } from './run.ts'
import { addTally, channelOf, isActive, type Tally } from './tally.ts'

export interface GroupFacts extends Group {
  readonly now: Tally
  readonly before: Tally
  /** Key of the campaign, when the group is one. */
  readonly key: string | null
}

export interface Groups {
  /** With activity in the period, largest first by the first metric, then by id. */
  readonly active: readonly GroupFacts[]
  /** Without activity in the period, but with some in the period it is compared with. */
  readonly past: readonly GroupFacts[]
  /** Asked for, or part of the selection, and nothing happened in the period. */
  readonly inactive: readonly Group[]
}

export function groupFacts(plan: Plan, facts: Facts, context: MeasureContext): Groups {
  const groups = new Map<string, GroupFacts>()
  const collect = (tallies: ReadonlyMap<string, Tally>, side: 'now' | 'before') => {
    for (const [key, tally] of tallies) {
      const item = itemOf(plan, key)
      for (const [channel, part] of tally) {
        for (const group of groupsOf(plan, item, channel)) {
          let held = groups.get(group.id)
          if (!held) {
            held = { ...group, now: new Map(), before: new Map(), key: plan.groupBy === 'campaign' ? key : null }
            groups.set(group.id, held)
          }
          addTally(held[side], new Map([[channel, part]]))
        }
      }
    }
  }
  collect(facts.now, 'now')
  collect(facts.before, 'before')
  // Channels are few: each in use has its row, whether or not anything happened.
  const everyChannel = plan.tool === 'channel_report'
  if (everyChannel) {
    for (const group of expected(plan)) if (!groups.has(group.id)) groups.set(group.id, { ...group, now: new Map(), before: new Map(), key: null })
    for (const { id, now, before } of groups.values()) for (const tally of [now, before]) channelOf(tally, id)
  }
  const all = [...groups.values()]
  const active = all.filter(({ now }) => everyChannel || isActive(now))
  const [first] = plan.metrics
  const sortValues = new Map(active.map((group) => [group, measure(first, group.now, context)]))
  const none = { value: null, numerator: null, denominator: null }
  active.sort((a, b) => descending(sortValues.get(a) ?? none, sortValues.get(b) ?? none) || (a.id < b.id ? -1 : 1))
  const isHere = new Set(active.map(({ id }) => id))
  return { active, past: all.filter((group) => !isHere.has(group.id) && isActive(group.before)), inactive: expected(plan).filter(({ id }) => !isHere.has(id)) }
}

/** The groups that the selection holds, whether or not anything happened: drafts only when they were asked for by name. */
function expected(plan: Plan): Group[] {
  const groups = new Map<string, Group>()
  const counts = (owner: EntityHead) => owner.status !== 'draft' || plan.named.has(owner.id)
  const add = (group: Group) => groups.set(group.id, group)
  for (const item of plan.items.values()) {
    const { channel } = item.campaign
    if (!counts(item.owner) || (plan.channels && channel && !plan.channels.includes(channel))) continue
    for (const group of groupsOf(plan, item, channel)) add(group)
  }
  if (plan.groupBy === 'flow') for (const flow of plan.flows) if (counts(flow)) add({ id: flow.id, name: flow.name })
  if (plan.groupBy === 'channel') for (const channel of plan.channels ?? []) add({ id: channel, name: channel })
  return [...groups.values()].sort((a, b) => Number(plan.named.has(b.id)) - Number(plan.named.has(a.id)) || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
}

/** The sum over the campaigns, each once whatever the groups; channels asked for are there even when nothing happened on them. */
export function total(plan: Plan, tallies: Iterable<Tally>): Tally {
  const sum: Tally = new Map()
  for (const channel of plan.channels ?? []) channelOf(sum, channel)
  for (const tally of tallies) addTally(sum, tally)
  return sum
}
