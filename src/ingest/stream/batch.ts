/** Gathers the rows of one source's deliveries by kind, and remembers of each which item it came from, so that what the engine refuses can be set aside. Stores nothing. */
import type { EntityRow } from '../../domain/entities/index.ts'
import { formerRules, type NewSetAside, openFrame, placeOf, rulesOf, type Seals, type SourceRow, type Waiting } from '../../domain/sources/index.ts'
import { createCollector, type Collector } from '../batch.ts'
import { canonicalBatch } from '../canonical.ts'
import type { StoredKind } from '../kinds/index.ts'
import { cellOf } from '../readers/ndjson.ts'
import type { Source } from '../sources/define.ts'
import { createPauses, type Fields, itemsOf, reasonOf, type Row, rowsOf } from './read.ts'

/** Characters of a batch's rows: far more than any honest delivery becomes. One name or reason may stand in a thousand rows, and the process would die of it again at every start. */
const mostCharacters = 96 * 1024 * 1024

/** An item as it came. */
export interface Item {
  readonly value: unknown
  readonly kind: string
  readonly receivedAt: Date
}

/** The rows of one kind; the row of line n is of `items[n - 1]`. */
export interface KindRows {
  readonly columns: readonly string[]
  readonly collector: Collector
  readonly items: Item[]
}

/** The row of an event that rules of before would have placed elsewhere. */
export interface Undecided {
  readonly fields: Fields
  readonly formerly: readonly string[]
  readonly item: Item
}

export interface SourceBatch {
  readonly row: SourceRow
  readonly requests: readonly Waiting[]
  readonly rows: Map<StoredKind, KindRows>
  /** Events whose campaign is another by rules of before: places.ts decides. */
  readonly undecided: Undecided[]
  readonly entities: { readonly row: EntityRow; readonly item: Item }[]
  /** Items that cannot be stored, with the first reason. */
  readonly aside: Map<Item, string>
  ignored: number
  characters: number
}

/** Throws when a frame cannot be opened, when the rows are more than fit in memory, or a source fails on something that is not the item's fault. */
export async function gather(seals: Seals, source: Source, row: SourceRow, requests: readonly Waiting[], now: Date, signal: AbortSignal): Promise<SourceBatch> {
  const batch: SourceBatch = { row, requests, rows: new Map(), undecided: [], entities: [], aside: new Map(), ignored: 0, characters: 0 }
  const rules = rulesOf(row) ?? source.campaigns ?? []
  const former = formerRules(row, now)
  const place = placeOf(row.account_id, row.id)
  const pause = createPauses()
  for (const { sealed, received_at: receivedAt } of requests) {
    const frame = openFrame(seals, place, sealed)
    const kind = frame.form === 'items' ? frame.kind : 'events'
    for (const value of itemsOf(source, frame)) {
      const item = { value, kind, receivedAt }
      try {
        const made = rowsOf(value, { source, rules, former, receivedAt, kind })
        if (made.length === 0) batch.ignored++
        for (const one of made) put(batch, one, item)
      } catch (error) {
        const reason = reasonOf(error)
        if (reason === undefined) throw error
        batch.aside.set(item, reason)
      }
      await pause()
      signal.throwIfAborted()
    }
  }
  return batch
}

function put(batch: SourceBatch, row: Row, item: Item): void {
  if (row.kind === 'entities') batch.entities.push({ row: row.row, item })
  else if (row.formerly) batch.undecided.push({ fields: row.fields, formerly: row.formerly, item })
  else add(batch, row.kind, row.fields, item)
}

/** Adds a row to be stored. */
export function add(batch: SourceBatch, kind: StoredKind, fields: Fields, item: Item): void {
  const of = batch.rows.get(kind) ?? { columns: canonicalBatch(kind).columns, collector: createCollector(), items: [] }
  batch.rows.set(kind, of)
  const cells = of.columns.map((name) => (Object.hasOwn(fields, name) ? cellOf(fields[name]) : ''))
  batch.characters += cells.reduce((sum, cell) => sum + cell.length, 0)
  if (batch.characters > mostCharacters) throw new RangeError('The rows of these deliveries are more than fit in memory')
  of.items.push(item)
  of.collector.row(of.items.length, of.items.length, cells)
}

/** An item as it is set aside: as JSON, sealed for its source. */
export function asideOf(seals: Seals, row: SourceRow, item: Item, reason: string): NewSetAside {
  const sealed = seals.sealBytes(Buffer.from(JSON.stringify(item.value)), placeOf(row.account_id, row.id))
  return { kind: item.kind, reason: plain(reason), receivedAt: item.receivedAt, sealed }
}

/** Reasons may quote names that came from outside: control characters are nothing to read, and the operational store takes neither NUL nor half a character. */
const plain = (reason: string): string => reason.replace(/[\p{Cc}\p{Cs}]/gu, '\uFFFD')
