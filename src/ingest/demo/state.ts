/** What a demo already holds, read from the labels of its own loads: which people, from which day, until which day. */
import type { Day } from '../../core/period.ts'
import type { Db } from '../../storage/operational/schema.ts'

/** The source name of the demo's loads. */
export const demoSource = 'demo'

/** A demo's size, fixed by its first load: its first day and how many people it has in all. */
export interface Extent {
  readonly first: Day
  readonly people: number
}

/** People from `from` to `to` (excluded), from the demo's first day until `until` (excluded). */
export interface Slice {
  readonly from: number
  readonly to: number
  readonly until: Day
}

const form = /^demo ([\d-]{10})\.\.([\d-]{10}) people (\d+)\.\.(\d+) of (\d+)$/

export const labelOf = ({ first, people }: Extent, { from, to, until }: Slice): string => `demo ${first}..${until} people ${from}..${to} of ${people}`

export interface DemoState {
  /** What the demo was begun with; undefined: there is none. */
  readonly extent: Extent | undefined
  /** What is in the store whole. A load that broke off still tells the extent, but is no slice: it is made again, row for row the same. */
  readonly slices: readonly Slice[]
  /** The account has loads of other sources too. */
  readonly mixed: boolean
}

export async function readDemo(db: Db, accountId: string): Promise<DemoState> {
  const loads = await db.selectFrom('loads').select(['source', 'label', 'state', 'error']).where('account_id', '=', accountId).orderBy('id').execute()
  let extent: Extent | undefined
  const slices: Slice[] = []
  for (const { label, state, error } of loads.filter(({ source }) => source === demoSource)) {
    const [, first, until, from, to, people] = form.exec(label) ?? []
    if (!first || !until) continue
    extent = { first, people: Math.max(extent?.people ?? 0, Number(people)) }
    if ((state === 'loaded' || state === 'done') && error === null) slices.push({ from: Number(from), to: Number(to), until })
  }
  return { extent, slices, mixed: loads.some(({ source }) => source !== demoSource) }
}

/** Whether a demo was begun in the account, finished or not. */
export async function hasDemo(db: Db, accountId: string): Promise<boolean> {
  const entity = await db.selectFrom('entities').select('id').where('account_id', '=', accountId).where('origin', '=', 'demo').limit(1).executeTakeFirst()
  return entity !== undefined || (await readDemo(db, accountId)).extent !== undefined
}

/** Work to do: these people still lack the days from `since` (their first day: null) on. */
export interface Gap {
  readonly from: number
  readonly to: number
  readonly since: Day | null
}

/** What people 0 to `people` lack until a day, given the slices there are; neighbours with the same gap are one, cut to at most `size` people when they start from nothing. */
export function gapsOf(slices: readonly Slice[], people: number, until: Day, size: number): Gap[] {
  const cuts = [...new Set([0, people, ...slices.flatMap(({ from, to }) => [from, to])])].filter((cut) => cut <= people).sort((a, b) => a - b)
  const gaps: Gap[] = []
  for (let index = 1; index < cuts.length; index++) {
    const [from = 0, to = 0] = [cuts[index - 1], cuts[index]]
    const since = slices.reduce<Day | null>((latest, slice) => (slice.from <= from && slice.to >= to && (latest === null || slice.until > latest) ? slice.until : latest), null)
    if (since !== null && since >= until) continue
    const last = gaps.at(-1)
    if (last && last.to === from && last.since === since) gaps[gaps.length - 1] = { ...last, to }
    else gaps.push({ from, to, since })
  }
  return gaps.flatMap((gap) =>
    gap.since !== null
      ? [gap]
      : Array.from({ length: Math.ceil((gap.to - gap.from) / size) }, (_, part) => ({
          from: gap.from + part * size,
          to: Math.min(gap.to, gap.from + (part + 1) * size),
          since: null,
        })),
  )
}
