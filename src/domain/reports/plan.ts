/** A report as a value: everything that decides its figures, after all arguments are understood. Types and pure helpers only. */
import type { Account } from '../../core/access.ts'
import type { Day, Period } from '../../core/period.ts'
import type { AccountSettings } from '../accounts/index.ts'
import type { ChannelName } from '../channels.ts'
import type { EntityHead } from '../entities/index.ts'
import type { GroupBy, Mode, TimelineUnit } from './arguments.ts'
import type { ColumnMetric } from './metric.ts'

export type ReportTool = 'campaign_report' | 'flow_report' | 'account_overview' | 'channel_report' | 'email_health_report'
export type Goal = AccountSettings['goals'][number]

/** A campaign that takes part, and what it is filtered and grouped as: itself, or its flow. */
export interface Item {
  readonly campaign: EntityHead
  readonly owner: EntityHead
}

export interface Plan {
  readonly tool: ReportTool
  readonly account: Account
  readonly today: Day
  readonly period: Period
  readonly comparison: Period | null
  readonly basis: 'send' | 'event'
  readonly goal: Goal
  readonly attribution: AccountSettings['attribution']
  /** Settings were changed, and the facts do not follow them yet: goal and attribution are those of before. */
  readonly recounting: boolean
  readonly privacyFloor: number
  /** At least one; the first sorts. */
  readonly metrics: readonly [ColumnMetric, ...ColumnMetric[]]
  /** Asked for: with all figures of both arms. */
  readonly uplift: boolean
  /** Each sum is followed by its part of the total. */
  readonly share: boolean
  readonly mode: Mode
  readonly timeline: TimelineUnit | null
  readonly groupBy: GroupBy
  readonly channels: readonly ChannelName[] | null
  /** By campaign key, as facts name them. */
  readonly items: ReadonlyMap<string, Item>
  /** Flows that take part, those without campaigns included; empty in other reports. */
  readonly flows: readonly EntityHead[]
  /** No filter and no restriction leaves out a campaign: facts need not be asked by key. */
  readonly everything: boolean
  /** Ids the caller asked for by name: all of them are accounted for in the answer. */
  readonly named: ReadonlySet<string>
  readonly brandNames: ReadonlyMap<string, string>
  readonly folderNames: ReadonlyMap<string, string>
  /** The filters as they were understood, by argument. */
  readonly filters: Readonly<Record<string, string | boolean | readonly string[]>>
  /** Rows left out before the page, and rows on it. */
  readonly offset: number
  readonly limit: number
  /** The snapshot that the cursor's first page was made from: later pages are made from it too, while it is kept. */
  readonly asOf: number | undefined
}

/** A group of a report: a row. */
export interface Group {
  readonly id: string
  readonly name: string
}

/** The groups that a campaign's figures on a channel belong to: one, or one for each of its tags. */
export function groupsOf(plan: Plan, { campaign, owner }: Item, channel: string | null): Group[] {
  switch (plan.groupBy) {
    case 'campaign':
      return [{ id: campaign.id, name: campaign.name }]
    case 'flow':
      return [{ id: owner.id, name: owner.name }]
    case 'folder':
      return [named(owner.folderId, plan.folderNames, 'no folder')]
    case 'brand':
      return [named(owner.brandId, plan.brandNames, 'no brand')]
    case 'tag':
      return owner.tags.length ? owner.tags.map((tag) => ({ id: tag, name: tag })) : [{ id: '', name: '(no tag)' }]
    case 'channel':
      return channel === null ? [] : [{ id: channel, name: channel || '(no channel)' }]
  }
}

function named(id: string | null, names: ReadonlyMap<string, string>, none: string): Group {
  return id === null ? { id: '', name: `(${none})` } : { id, name: names.get(id) ?? id }
}

/** Groups that overlap must never be added up. */
export function overlaps(groupBy: GroupBy): boolean {
  return groupBy === 'tag'
}
