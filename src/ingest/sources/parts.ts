/** What several sources have in common: signatures over raw bodies, their age, passwords, and bodies of JSON. Knows no source. */
import { isUtf8 } from 'node:buffer'
import { createHmac } from 'node:crypto'
import { sameText } from '../../core/hash.ts'
import { isObject } from '../../core/json.ts'
import { notJson, parseExact } from '../readers/ndjson.ts'
import { type SourceRequest, wrongShape, wrongSignature } from './define.ts'

type Algorithm = 'sha1' | 'sha256'
export const hmacHex = (key: string | Buffer, algorithm: Algorithm, ...parts: readonly (string | Buffer)[]): string => hmac(key, algorithm, parts).digest('hex')
export const hmacBase64 = (key: string | Buffer, algorithm: Algorithm, ...parts: readonly (string | Buffer)[]): string => hmac(key, algorithm, parts).digest('base64')

function hmac(key: string | Buffer, algorithm: Algorithm, parts: readonly (string | Buffer)[]) {
  const made = createHmac(algorithm, key)
  for (const part of parts) made.update(part)
  return made
}

/** The header; throws `wrong_signature` when it is missing. */
export function signatureHeader({ headers }: Pick<SourceRequest, 'headers'>, name: string): string {
  const value = headers[name]
  if (!value) throw wrongSignature(`The header ${name} is missing`)
  return value
}

/** Throws `wrong_signature` unless the signature is one of those that were expected. */
export function assertSignature(given: string, ...expected: readonly string[]): void {
  // Each is compared, so that the time does not tell which was near.
  if (expected.map((one) => sameText(one, given)).every((same) => !same))
    throw wrongSignature('The signature is not right for this body: compare the signing key of this source with the platform’s')
}

/** Throws `wrong_signature` when the moment (epoch seconds as text) is further from now than allowed, before or after. */
export function assertFresh(seconds: string, now: Date, most: number): void {
  const age = /^\d{1,12}$/.test(seconds) ? Math.abs(now.getTime() / 1000 - Number(seconds)) : Number.POSITIVE_INFINITY
  if (age > most) throw wrongSignature(`The signature is from another time: it is good for ${most >= 7200 ? `${most / 3600} hours` : `${most / 60} minutes`}`)
}

/** HTTP Basic (RFC 7617). Throws `wrong_signature`. */
export function assertPassword(request: Pick<SourceRequest, 'headers'>, username: string, password: string): void {
  const given = /^basic ([a-z0-9+/=]+)$/i.exec(signatureHeader(request, 'authorization'))?.[1] ?? ''
  if (!sameText(Buffer.from(given, 'base64').toString(), `${username}:${password}`)) throw wrongSignature('The user name or the password of the address is not right')
}

/** The body as JSON. Throws `wrong_shape`. */
export function jsonBody({ body }: Pick<SourceRequest, 'body'>): unknown {
  if (!isUtf8(body)) throw wrongShape('The body is not JSON in UTF-8')
  try {
    return parseExact(new TextDecoder().decode(body))
  } catch (error) {
    throw wrongShape(`The body is ${notJson(error)}`)
  }
}

/** JSON within a text, or a body that is not proved yet; undefined where it is none, and for what is neither. */
export function jsonOrNothing(given: unknown): unknown {
  if (typeof given !== 'string' && !Buffer.isBuffer(given)) return undefined
  try {
    return jsonBody({ body: Buffer.from(given) })
  } catch {
    return undefined
  }
}

/** The body as a list of objects; a single one is a list of one. Throws `wrong_shape`. */
export function jsonItems(request: Pick<SourceRequest, 'body'>): readonly Record<string, unknown>[] {
  const items = [jsonBody(request)].flat()
  if (!items.every(isObject)) throw wrongShape('The body is neither an event nor a list of events')
  return items
}

/** Members of metadata as texts: what is a text or a number. */
export function metadataOf(given: unknown): Record<string, string> {
  if (!isObject(given)) return {}
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)]] : [])))
}

/** Tags as a list of texts, from a list or a single one. */
export const tagsOf = (given: unknown): string[] => [given].flat().filter((tag): tag is string => typeof tag === 'string' && tag !== '')

/** What may be a text, a number or nothing at all, as a text; undefined when it is empty or null: providers write nothing in several ways. */
export const textOf = (given: unknown): string | undefined => (typeof given === 'number' || (typeof given === 'string' && given !== '') ? String(given) : undefined)

/** The entry of that name; names come from outside, and `constructor` is no entry. */
export const entryOf = <Entry>(table: Readonly<Record<string, Entry>>, name: string | null | undefined): Entry | undefined =>
  name != null && Object.hasOwn(table, name) ? table[name] : undefined
