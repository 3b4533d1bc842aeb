/** Reads what is in the inbox back into items, and items into rows: the same code for a platform's request, rows of the ingest API, pages of a pull and items that are sent in again. Stores nothing. */
import { setImmediate as turn } from 'node:timers/promises'
import type { EntityRow } from '../../domain/entities/index.ts'
import type { CampaignRule, Frame } from '../../domain/sources/index.ts'
import { entityRow } from '../entities.ts'
import { type Kind, kinds, type StoredKind } from '../kinds/index.ts'
import { quoted } from '../readers/cells.ts'
import { cellOf, parseExact } from '../readers/ndjson.ts'
import { campaignOf, eventRow } from '../sources/events.ts'
import { type Normalised, type Source, Unreadable, wrongItem } from '../sources/define.ts'
import { isObject } from '../../core/json.ts'

/** How long reading may keep the event loop from answering others. */
const turnMs = 8

/** @returns what to await between items: others have their turn then, once reading has taken long enough */
export function createPauses(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since <= turnMs) return
    await turn()
    since = performance.now()
  }
}

export type Fields = Readonly<Record<string, unknown>>

/** A row to store. `formerly`: campaigns that rules of before name for it, oldest first; a message that is known under one of them stays there. */
export type Row = { readonly kind: StoredKind; readonly fields: Fields; readonly formerly?: readonly string[] } | { readonly kind: 'entities'; readonly row: EntityRow }

/** The items of a frame. Throws what the source's `read` throws. */
export function itemsOf(source: Source, frame: Frame): Iterable<unknown> {
  return frame.form === 'request' && source.connection === 'webhook' ? source.read({ headers: frame.headers, body: frame.body, url: frame.url }) : parsedLines(frame.body)
}

function* parsedLines(body: Buffer): Generator {
  for (const line of linesOf(body)) if (line.trim() !== '') yield parseExact(line)
}

/** The lines of a body, one after the other: a body that unpacks to nothing but line breaks must not become a list of millions. */
export function* linesOf(body: Buffer): Generator<string> {
  const text = body.toString('utf8')
  let from = 0
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
    yield text.slice(from, end)
    from = end + 1
  }
  // The break after the last line begins no other.
  if (from < text.length) yield text.slice(from)
}

export interface Reading {
  readonly source: Source
  readonly rules: readonly CampaignRule[]
  /** Rules of before, oldest first. */
  readonly former?: readonly (readonly CampaignRule[])[] | undefined
  readonly receivedAt: Date
  /** Of rows of the ingest API. */
  readonly kind: string
}

/** What an item becomes; [] for one without a place in any figure. Throws Unreadable. */
export function rowsOf(item: unknown, reading: Reading): readonly Row[] {
  const { source, receivedAt, kind } = reading
  if (source.connection === 'api') return [canonicalRow(kind, item)]
  const normalised = source.connection === 'webhook' ? source.normalise(item, { receivedAt }) : [item as Normalised]
  return normalised.flatMap((one) => rowOf(one, reading))
}

function rowOf(one: Normalised, { source: { type }, rules, former = [] }: Reading): readonly Row[] {
  switch (one.is) {
    case 'event': {
      const campaign = campaignOf(one, rules, type)
      const formerly = former.map((before) => campaignOf(one, before, type)).filter((other) => other !== campaign)
      return [{ kind: 'events', fields: eventRow(one, campaign), ...(formerly.length > 0 ? { formerly } : {}) }]
    }
    case 'row':
      return [{ kind: one.kind, fields: one.fields }]
    case 'entity':
      return [{ kind: 'entities', row: one.row }]
    case 'ignored':
      return []
  }
}

const isKind = (kind: string): kind is Kind => Object.hasOwn(kinds, kind)

function canonicalRow(kind: string, item: unknown): Row {
  if (!isObject(item)) throw wrongItem('the line is not a JSON object')
  if (!isKind(kind)) throw wrongItem('there is no such kind of rows')
  const unknown = Object.keys(item).find((name) => !Object.hasOwn(kinds[kind].fields, name))
  if (unknown !== undefined) throw wrongItem(`the record has an unknown field ${quoted(unknown)}`)
  if (kind === 'entities') return { kind, row: entityRow(Object.fromEntries(Object.entries(item).map(([name, value]) => [name, cellOf(value)]))) }
  return { kind, fields: item }
}

/** The reason to keep for an item that threw; undefined: it was no fault of the item. */
export const reasonOf = (error: unknown): string | undefined => (error instanceof Unreadable ? error.reason : undefined)
