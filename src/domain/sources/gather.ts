/** An account's sources with what is known of them now: what waits, what came, what is set aside. Asks the operational store alone, so that it answers while figures are away. */
import type { Account } from '../../core/access.ts'
import { addDays, dayOf, startOfDay } from '../../core/period.ts'
import type { Stores } from '../stores.ts'
import { missingSettings, openSettings, placeOf, type Seals } from './frame.ts'
import { backlogOf } from './inbox-repository.ts'
import { listedSource, type SourceListed } from './listed.ts'
import { asideReasons, volumesByDay } from './set-aside-repository.ts'
import { listSources, type SourceRow } from './sources-repository.ts'
import type { SourceType } from './type.ts'

const days = 7
/** Reasons of all sources together; what is beyond them is not counted. */
const mostReasons = 10_000

/** A source, and why items of it are set aside. */
export interface Stream extends SourceListed {
  /** Most first. */
  readonly reasons: readonly { readonly reason: string; readonly items: number }[]
}

interface Described {
  readonly type: Pick<SourceType, 'title' | 'connection'>
  /** Titles of settings that are still needed. */
  readonly missing: readonly string[]
}

/** What tells kinds of sources and opens their settings. */
export interface KnownTypes {
  readonly seals: Pick<Seals, 'open'>
  readonly types: readonly SourceType[]
}

type Clocked = Pick<Stores, 'db' | 'clock'>

/** The sources of these rows, in their order. */
export async function gatherSources({ db, clock }: Clocked, account: Account, rows: readonly SourceRow[], describe: (row: SourceRow) => Described): Promise<Stream[]> {
  const now = clock()
  const since = startOfDay(addDays(dayOf(now, account.timeZone), 1 - days), account.timeZone)
  const [backlog, volumes, aside] = [
    await backlogOf(db, account.id),
    await volumesByDay(db, account.id, account.timeZone, since),
    await asideReasons(db, account.id, undefined, mostReasons),
  ]
  return rows.map((row) => {
    const { type, missing } = describe(row)
    const reasons = aside.filter(({ source_id }) => source_id === row.id)
    const listed = listedSource(row, type, {
      backlog: backlog.find(({ source_id }) => source_id === row.id),
      days: volumes.filter(({ source_id }) => source_id === row.id),
      setAside: reasons.reduce((sum, { items }) => sum + items, 0),
      missing,
      now,
    })
    return { ...listed, reasons: reasons.map(({ reason, items }) => ({ reason, items })) }
  })
}

/**
 * All sources of the account, by name, for whoever watches over it: a kind of source that this Mercat has no more is called by its type.
 * Checks no permission.
 * @param house undefined: there is no server around, and kinds of sources are not known
 */
export async function listStreams(stores: Clocked, house: KnownTypes | undefined, account: Account): Promise<Stream[]> {
  const rows = await listSources(stores.db, account.id)
  if (rows.length === 0) return []
  return await gatherSources(stores, account, rows, (row) => {
    const type = house?.types.find((one) => one.type === row.type)
    if (!house || !type) return { type: { title: row.type, connection: 'webhook' }, missing: [] }
    return { type, missing: missingSettings(type.settings, openSettings(house.seals, placeOf(account.id, row.id), row.settings)) }
  })
}
