/** Counts the customers of an audience. It reads and never writes, and knows nothing of members: service.ts decides who may ask for what. */
import { rowsToRead } from '../../storage/analytics/estimate.ts'
import type { Analytics, Params, RunOptions } from '../../storage/analytics/run.ts'
import { channelNames } from '../channels.ts'
import type { AccountSettings } from '../accounts/index.ts'
import type { Predicate } from '../predicates/index.ts'
import type { Circumstances } from './circumstances.ts'
import { compile } from './compile.ts'

export interface Counts {
  readonly customers: number
  readonly audience: number
  /** In the order of the channels: of the audience, those with consent. */
  readonly reachable: readonly number[]
  /** Of every predicate of the tree, in its order. */
  readonly parts: readonly { readonly path: string; readonly count: number }[]
}

export interface Asked extends Circumstances {
  readonly accountId: string
  readonly currency: string
  readonly goals: AccountSettings['goals']
  /** Of the facts (factsSnapshot). */
  readonly snapshot: number
}

/** The customers for whom the tree holds. The tree must be understood (understand). One statement, so that all counts are of one state. */
export async function countAudience(analytics: Analytics, tree: Predicate, asked: Asked, options: Pick<RunOptions, 'signal'> = {}): Promise<Counts> {
  const { leaves, conditions, params } = compile(tree, asked)
  const columns = leaves.map(({ name, sql }) => `toUInt8(${sql}) AS ${name}`)
  const whole = conditions[0]?.sql ?? '1'
  const [row] = await analytics.query<Record<string, number>>(
    `SELECT count() AS customers, ${channelNames.map((_, bit) => `countIf(bitAnd(channels, ${2 ** bit}) != 0 AND in_audience) AS r${bit}`).join(', ')},
      ${conditions.map(({ sql }, index) => `countIf(${index === 0 ? 'in_audience' : sql}) AS p${index}`).join(', ')}
    FROM (SELECT *, toUInt8(${whole}) AS in_audience
      FROM (SELECT customer_number, channels, ${columns.join(', ')} FROM customers FINAL WHERE account_id = {account:String}))`,
    { ...params, ...common(asked) },
    // The sets are of numbers that are no key: looking for them in the index costs more than the whole count. Large sorts go to disk.
    { ...options, settings: { use_index_for_in_with_subqueries: 0, max_bytes_before_external_sort: 500_000_000, max_bytes_before_external_group_by: 500_000_000 } },
  )
  return {
    customers: row?.customers ?? 0,
    audience: row?.p0 ?? 0,
    reachable: channelNames.map((_, bit) => row?.[`r${bit}`] ?? 0),
    parts: conditions.map(({ path }, index) => ({ path, count: row?.[`p${index}`] ?? 0 })),
  }
}

const common = ({ accountId: account, timeZone: zone, snapshot, currency, goals }: Asked): Params => ({ account, zone, snapshot, currency, statuses: goals[0]?.statuses ?? [] })

const tables = ['customers', 'engagements', 'messages', 'orders', 'web_events']

/** Rows that countAudience would read. @param of what it would be given; asked for only when there is much to read */
export async function audienceCost(analytics: Analytics, accountId: string, of: () => Promise<{ tree: Predicate; asked: Asked }>, signal?: AbortSignal): Promise<number> {
  const reads = async () => {
    const { tree, asked } = await of()
    const { sets, params } = compile(tree, asked)
    const everybody = { table: 'customers', sql: 'SELECT customer FROM customers WHERE account_id = {account:String}' }
    return [everybody, ...sets].map((read) => ({ ...read, params: { ...params, ...common(asked) } }))
  }
  return await rowsToRead(analytics, accountId, tables, reads, signal)
}
