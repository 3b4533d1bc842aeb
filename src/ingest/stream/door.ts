/** The door that deliveries come through: who may, what is proved, what is of the right form, and then the inbox. Loads nothing; a delivery it acknowledged is kept. */
import type { Clock } from '../../core/clock.ts'
import { MercatError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import {
  type Admitted,
  type Delivery,
  type Door,
  findByKey,
  missingSettings,
  openSettings,
  packFrame,
  placeOf,
  type Seals,
  type SourceRow,
  updateSource,
} from '../../domain/sources/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { type Kind, kindNames } from '../kinds/index.ts'
import { longestRecord, notUtf8, replacement, tooLong } from '../readers/cells.ts'
import { notJson, parseExact } from '../readers/ndjson.ts'
import { type Outside, type Source, Unreadable, type WebhookSource, wrongShape, wrongSignature } from '../sources/define.ts'
import { shareLookUps } from './keys.ts'
import type { Pressure } from './pressure.ts'
import { createPauses, linesOf, rowsOf } from './read.ts'
import type { InboxWriter } from './writer.ts'

const mostLines = 100_000
/** Lines told in a refusal. */
const mostTold = 5
const refusalMs = 1_000
/** Seconds: what is loaded in the meantime makes room. */
const retryAfter = 10

export interface DoorHouse {
  readonly db: Db
  readonly clock: Clock
  readonly seals: Seals
  readonly sources: readonly Source[]
  readonly writer: InboxWriter
  readonly pressure: Pressure
  readonly outside: Outside
  readonly wake: (accountId: string) => void
}

export function createDoor(house: DoorHouse): Door {
  const { db, clock, seals } = house
  const find = shareLookUps(async (key) => await findByKey(db, sha256(key), clock()))
  const refused = new Map<string, number>()

  /** The refusal stands at the source, for whoever sets it up: written once a second at most, since anybody with the key can cause it. */
  const note = async (row: SourceRow, error: unknown) => {
    if (!(error instanceof MercatError) || error.code === 'unavailable') return
    const now = clock()
    if (now.getTime() - (refused.get(row.id) ?? 0) < refusalMs) return
    refused.set(row.id, now.getTime())
    await updateSource(db, row.account_id, row.id, { last_refused_at: now, last_refusal: error.message.slice(0, 500) }).catch(() => {})
  }

  const webhookOf = (type: string) => house.sources.find((one): one is WebhookSource => one.type === type && one.connection === 'webhook')

  const admitted = (row: SourceRow, take: (delivery: Delivery) => Promise<number>): Admitted => {
    if (!row.enabled) throw new MercatError('not_allowed', 'This source is off', { hint: 'An owner of the account turns it on, on the page Sources of the dashboard.' })
    return {
      accountId: row.account_id,
      take: async (delivery) => {
        let accepted = 0
        try {
          const giveBack = await house.pressure.admit(row.account_id, delivery.body.length)
          if (!giveBack)
            throw new MercatError('unavailable', 'More of this account waits to be loaded than may', { retryAfter, hint: 'Nothing of this request was kept: send it again.' })
          try {
            accepted = await take(delivery)
          } finally {
            if (accepted === 0) giveBack()
          }
          return { accepted }
        } catch (error) {
          await note(row, error)
          throw error
        }
      },
    }
  }

  const keep = async (row: SourceRow, { body, headers, url, receivedAt }: Delivery, items: number, kind?: Kind) => {
    const place = placeOf(row.account_id, row.id)
    const sealed = packFrame(seals, place, kind === undefined ? { form: 'request', headers, url, body } : { form: 'items', kind, body })
    await house.writer.put({ accountId: row.account_id, sourceId: row.id, receivedAt, items, bytes: body.length, sealed })
    house.wake(row.account_id)
  }

  return {
    webhook: async (type, key) => {
      const source = webhookOf(type)
      const row = source && (await find(key))
      if (!row || row.type !== type)
        throw new MercatError('not_found', 'There is no source at this address', {
          hint: 'Copy the address from the page Sources of the dashboard, or give the source a new key there.',
        })
      return admitted(row, async (delivery) => {
        const settings = openSettings(seals, placeOf(row.account_id, row.id), row.settings)
        const [missing] = missingSettings(source.settings, settings)
        if (missing !== undefined) throw wrongSignature(`This source is not set up yet: ${missing} is missing`)
        await source.verify(delivery, settings, house.outside)
        if (await source.greet?.(delivery, house.outside)) return 0
        const items = source.read(delivery)
        if (items.length === 0) return 0
        if (items.length > mostLines) throw tooMany('items')
        await assertReadable(items, source, delivery)
        await keep(row, { ...delivery, ...kept(source, delivery) }, items.length)
        return items.length
      })
    },

    againAfter429: (type) => webhookOf(type)?.againAfter429 === true,

    rows: async (path, key) => {
      const kind = kindNames.find((name) => name.replaceAll('_', '-') === path)
      if (kind === undefined) throw new MercatError('not_found', 'There is no such address', { allowed: kindNames.map((name) => `/ingest/${name.replaceAll('_', '-')}`) })
      const row = await find(key)
      const source = house.sources.find(({ connection }) => connection === 'api')
      if (!source || row?.type !== source.type)
        throw new MercatError('wrong_signature', 'The key is not one of an ingest API source', {
          hint: 'Send Authorization: Bearer <key>; the page Sources of the dashboard makes keys.',
        })
      return admitted(row, async (delivery) => {
        const lines = await checkedLines(delivery.body, kind, source, delivery.receivedAt)
        if (lines > 0) await keep(row, delivery, lines, kind)
        return lines
      })
    },
  }
}

const whereIsUnimportant = 'https://delivered.invalid/'

/** Of the headers only what reading needs; of the address only the query: the rest is of no use once the delivery is proved. */
function kept({ headers: names = [] }: WebhookSource, { headers, url }: Delivery): Pick<Delivery, 'headers' | 'url'> {
  const query = url.indexOf('?')
  return { headers: Object.fromEntries(['content-type', ...names].map((name) => [name, headers[name]])), url: `${whereIsUnimportant}${query < 0 ? '' : url.slice(query)}` }
}

/** Refuses a request of which not one item has the source's form; what is odd among good ones is set aside when it is loaded. */
async function assertReadable(items: readonly unknown[], source: WebhookSource, { receivedAt }: Delivery): Promise<void> {
  let first: Unreadable | undefined
  const pause = createPauses()
  for (const item of items) {
    await pause()
    try {
      source.normalise(item, { receivedAt })
      return
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      if (error.keep) return
      first ??= error
    }
  }
  if (first) throw wrongShape(`This is not what ${source.title} sends: ${first.reason}`)
}

const tooMany = (what: string) => new MercatError('too_large', `A request has at most ${mostLines.toLocaleString('en')} ${what}`, { hint: 'Send the rest in another one.' })

/** How many rows the body has. Throws wrong_shape that names the first lines at fault. */
async function checkedLines(body: Buffer, kind: Kind, source: Source, receivedAt: Date): Promise<number> {
  const faults: { line: number; reason: string }[] = []
  let [rows, line] = [0, 0]
  const pause = createPauses()
  for (const text of linesOf(body)) {
    await pause()
    if (++line > mostLines) throw tooMany('lines')
    if (text.trim() === '') continue
    rows++
    const fault = faultOf(text, kind, source, receivedAt)
    if (fault !== undefined && faults.push({ line, reason: fault }) >= mostTold) break
  }
  if (faults.length > 0) throw wrongShape(faults.map((fault) => `line ${fault.line}: ${fault.reason}`).join('; '), faults)
  return rows
}

function faultOf(text: string, kind: Kind, source: Source, receivedAt: Date): string | undefined {
  if (text.length > longestRecord) return tooLong
  if (text.includes(replacement)) return notUtf8
  let item: unknown
  try {
    item = parseExact(text)
  } catch (error) {
    return `the line is ${notJson(error)}`
  }
  try {
    rowsOf(item, { source, rules: [], receivedAt, kind })
    return undefined
  } catch (error) {
    if (error instanceof Unreadable) return error.reason
    throw error
  }
}
