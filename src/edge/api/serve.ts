/** The dashboard's API over HTTP: POST /api/<area>/<endpoint> with JSON both ways, GET for downloads. Reads the session, refuses what another site sent, maps errors; knows no endpoint. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { z } from 'zod'
import { describeError, MercatError, toMercatError } from '../../core/errors.ts'
import { sameText } from '../../core/hash.ts'
import type { Logger } from '../../core/log.ts'
import { unstorable } from '../../core/text.ts'
import { dashboardPrincipal, listAccess } from '../../domain/accounts/index.ts'
import type { BindServices } from '../../domain/index.ts'
import type { SignedIn } from '../../identity/index.ts'
import { guardHeaders, readBody, retryHeader, sendJson } from '../answers.ts'
import type { ApiCall, Download, Endpoint, House } from './define.ts'
import { areas } from './endpoints/index.gen.ts'

/** A draft's template may hold a whole mail. Nobody who is not signed in is read at all. */
const mostBytes = 2 * 1024 * 1024
/** The header that carries the CSRF token: no form of another site can send it. */
export const csrfHeader = 'x-mercat-csrf'

export type Api = (req: IncomingMessage, res: ServerResponse, path: string, query: string) => Promise<void>

export function createApi(house: House & { services: BindServices; log: Logger }): Api {
  return async (req, res, path, query) => {
    try {
      await answer(req, res, path, query, house)
    } catch (error) {
      refuse(res, error, house.log)
    }
  }
}

async function answer(req: IncomingMessage, res: ServerResponse, path: string, query: string, house: House & { services: BindServices }): Promise<void> {
  const endpoint = endpointOf(path)
  if (!endpoint) throw new MercatError('not_found', 'There is no such endpoint')
  const method = endpoint.kind === 'download' ? 'GET' : 'POST'
  if (req.method !== method) return sendJson(res, 405, { error: { code: 'invalid_arguments', message: `Use ${method}.` } }, { allow: method })
  assertSameSite(req, house.origin, endpoint.kind)
  const person = await house.identity.browser(req, res)
  if (!person) throw new MercatError('unauthenticated', 'Sign in to go on')
  if (endpoint.kind === 'mutation') assertToken(req, person)
  const input = parse(endpoint.input, endpoint.kind === 'download' ? readQuery(query) : await readInput(req))
  const leaving = new AbortController()
  res.once('close', () => leaving.abort())
  const { origin, toolPrefix, identity, stores } = house
  const call = {
    input,
    person,
    origin,
    toolPrefix,
    identity,
    stores,
    at: (systemName: string) => at(house, person, systemName),
    leave: () => identity.leave(req, res),
    signal: leaving.signal,
  }
  const result = await endpoint.run(call satisfies ApiCall<typeof input>)
  if (endpoint.kind === 'download') await pour(result as Download, res, leaving.signal)
  else sendJson(res, 200, result ?? {})
}

function endpointOf(path: string): Endpoint | undefined {
  const [, area = '', name = ''] = /^\/api\/([a-z-]{1,40})\/([A-Za-z]{1,40})$/.exec(path) ?? []
  if (!Object.hasOwn(areas, area)) return undefined
  const endpoints = areas[area as keyof typeof areas] as unknown as Readonly<Record<string, Endpoint>>
  return Object.hasOwn(endpoints, name) ? endpoints[name] : undefined
}

/** A browser says where a request came from; another site's, and a page without an origin, are refused before the session is even looked at. */
function assertSameSite(req: IncomingMessage, origin: string, kind: Endpoint['kind']): void {
  const site = req.headers['sec-fetch-site']
  const foreign = (site !== undefined && site !== 'same-origin') || (req.headers.origin !== undefined && req.headers.origin !== origin)
  if (foreign) throw new MercatError('cross_site', 'This request did not come from a page of this Mercat')
  if (kind !== 'download' && !/^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '')) {
    throw new MercatError('invalid_arguments', 'Send Content-Type: application/json')
  }
}

function assertToken(req: IncomingMessage, person: SignedIn): void {
  if (sameText(String(req.headers[csrfHeader] ?? ''), person.csrf)) return
  throw new MercatError('cross_site', 'This request does not carry the token of this session', { hint: 'Reload the page.' })
}

function readQuery(query: string): Record<string, string> {
  if (query.includes('%00')) throw new MercatError('invalid_arguments', 'A text has a NUL character')
  return Object.fromEntries(new URLSearchParams(query))
}

async function readInput(req: IncomingMessage): Promise<unknown> {
  const bytes = await readBody(req, mostBytes)
  if (!bytes) throw new MercatError('too_large', `The request is larger than ${mostBytes} bytes`)
  let input: unknown
  let again: string
  try {
    input = JSON.parse(bytes.toString('utf8') || '{}')
    again = JSON.stringify(input)
  } catch {
    throw new MercatError('invalid_arguments', 'The body is not JSON')
  }
  if (unstorable.test(again)) throw new MercatError('invalid_arguments', 'A text has a character that cannot be kept')
  return input
}

function parse<Schema extends z.ZodObject>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const argument = issue?.path.join('.') ?? ''
  throw new MercatError('invalid_arguments', `${argument ? `${argument}: ` : ''}${issue?.message ?? 'is not valid'}`, { argument })
}

async function at(house: House & { services: BindServices }, person: SignedIn, systemName: string): ReturnType<ApiCall<unknown>['at']> {
  const [access] = await listAccess(house.stores.db, person.user.id, systemName)
  if (!access) throw new MercatError('not_found', `There is no account "${systemName.slice(0, 40)}" that you belong to`)
  const principal = dashboardPrincipal(person.user.id, access)
  return { principal, services: house.services(principal) }
}

async function pour({ filename, contentType, lines }: Download, res: ServerResponse, signal: AbortSignal): Promise<void> {
  res.writeHead(200, { ...guardHeaders, 'content-type': contentType, 'content-disposition': `attachment; filename="${filename}"` })
  for await (const line of lines) {
    if (signal.aborted) return
    if (!res.write(line)) await once(res, 'drain', { signal }).catch(() => {})
  }
  res.end()
}

/** Errors as the dashboard reads them: a code, a sentence, and what else is safe to say. */
function refuse(res: ServerResponse, error: unknown, log: Logger): void {
  if (res.headersSent || res.destroyed) {
    res.destroy()
    return
  }
  const told = toMercatError(error, log)
  const { code, status, details } = told
  sendJson(res, status, { error: { code, message: describeError(told), ...details } }, retryHeader(details))
}
