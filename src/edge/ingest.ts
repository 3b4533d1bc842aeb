/** Deliveries over HTTP: POST /ingest/{source}/{key} of platforms, POST /ingest/{rows} of programs with a key. Reads and unpacks bodies within bounds; proves and keeps nothing itself. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Clock } from '../core/clock.ts'
import { describeError, MercatError, toMercatError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { createTurns } from '../core/turns.ts'
import type { Admitted, Delivery, Door } from '../domain/sources/index.ts'
import { readBody, retryHeader, sendJson } from './answers.ts'
import { createRoom, type Place } from './room.ts'

/** Platforms send far less. */
const mostWebhook = 5 * 1024 * 1024
const mostRows = 16 * 1024 * 1024
const mostUnpacked = 64 * 1024 * 1024

const unpack = promisify(gunzip)
/** What a small body unpacks to is not known before. */
const mostUnpacking = 3

export type Ingest = (req: IncomingMessage, res: ServerResponse, path: string, query: string) => Promise<void>

export function createIngest({ door, origin, clock, log }: { door: Door; origin: string; clock: Clock; log: Logger }): Ingest {
  const placeOf = createRoom()
  const unpacking = createUnpacking()
  const taking = async (source: Admitted, take: (place: Place) => Promise<{ accepted: number }>) => {
    const place = placeOf(source.accountId)
    try {
      return await take(place)
    } finally {
      place.leave()
    }
  }
  return async (req, res, path, query) => {
    const [, first = '', key] = /^\/ingest\/([a-z_-]{1,40})(?:\/([\w-]{1,100}))?$/.exec(path) ?? []
    try {
      if (!first) throw new MercatError('not_found', 'There is no such address')
      if (req.method !== 'POST') return sendJson(res, 405, { error: { code: 'invalid_arguments', message: 'Use POST.' } }, { allow: 'POST' })
      const url = `${origin}${path}${query === '' ? '' : `?${query}`}`
      const source = key === undefined ? await door.rows(first, bearer(req)) : await door.webhook(first, key)
      const answer = await taking(source, async (place) => {
        const body = key === undefined ? await rowsOf(req, place, unpacking) : await webhookOf(req, place)
        return await source.take(deliveryOf(req, body, url, clock))
      })
      sendJson(res, 200, answer)
    } catch (error) {
      refuse(req, res, error, { log, later: door.againAfter429(first) ? 429 : undefined })
    }
  }
}

async function webhookOf(req: IncomingMessage, place: Place): Promise<Buffer> {
  if (packing(req) !== 'identity') throw new MercatError('wrong_shape', 'Send the body unpacked: its signature is over it as it is')
  return await bodyOf(req, mostWebhook, place)
}

async function rowsOf(req: IncomingMessage, place: Place, unpacking: (body: Buffer, place: Place) => Promise<Buffer>): Promise<Buffer> {
  if (!/^application\/(x-ndjson|ndjson|jsonl|json)\s*(;|$)/i.test(req.headers['content-type'] ?? ''))
    throw new MercatError('wrong_shape', 'Send Content-Type: application/x-ndjson, one JSON object a line')
  const body = await bodyOf(req, mostRows, place)
  const coding = packing(req)
  if (coding !== 'identity' && coding !== 'gzip') throw new MercatError('wrong_shape', 'The body may be packed by gzip, or not at all')
  return coding === 'gzip' ? await unpacking(body, place) : body
}

const packing = (req: IncomingMessage): string => (req.headers['content-encoding'] ?? 'identity').trim().toLowerCase()

async function bodyOf(req: IncomingMessage, most: number, place: Place): Promise<Buffer> {
  const body = await readBody(req, most, place.take)
  if (!body) throw tooLarge(most)
  return body
}

const tooLarge = (most: number, how = '') => new MercatError('too_large', `The body is larger than ${most / 1024 / 1024} MB${how}`, { hint: 'Send it in parts.' })

/** Unpacks a few bodies at a time; what one became is counted before the next one's turn. */
function createUnpacking(): (body: Buffer, place: Place) => Promise<Buffer> {
  const turns = createTurns(mostUnpacking)
  return async (body, place) =>
    await turns(async () => {
      const whole = await unpacked(body)
      place.take(whole.length)
      return whole
    })
}

async function unpacked(body: Buffer): Promise<Buffer> {
  try {
    return await unpack(body, { maxOutputLength: mostUnpacked })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(mostUnpacked, ' unpacked')
    throw new MercatError('wrong_shape', 'The body is not gzip')
  }
}

function deliveryOf(req: IncomingMessage, body: Buffer, url: string, clock: Clock): Delivery {
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]))
  return { headers, body, url, receivedAt: clock() }
}

function bearer(req: IncomingMessage): string {
  const key = /^bearer ([\w-]{1,100})$/i.exec(req.headers.authorization ?? '')?.[1]
  if (key === undefined) throw new MercatError('wrong_signature', 'The key is missing', { hint: 'Send Authorization: Bearer <key>; the page Sources of the dashboard makes keys.' })
  return key
}

/** @param later the status of what may be sent again, for a platform that gives up at any 5xx */
function refuse(req: IncomingMessage, res: ServerResponse, error: unknown, { log, later }: { log: Logger; later: number | undefined }): void {
  if (res.destroyed || res.headersSent) return void res.destroy()
  const told = toMercatError(error, log)
  const { code, details } = told
  const status = told.status >= 500 ? (later ?? told.status) : told.status
  const headers = {
    ...retryHeader(details),
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="ingest"' } : {}),
    // What was not read of a body must not be taken for the next request.
    ...(req.readableEnded ? {} : { connection: 'close' }),
  }
  sendJson(res, status, { error: { code, message: describeError(told), ...(details.lines ? { lines: details.lines } : {}) } }, headers)
}
