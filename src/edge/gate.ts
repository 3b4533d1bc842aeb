/** The gate of the MCP endpoints: who is asking, how large and of what form. What passes goes to the protocol; what does not gets the one right refusal. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { defaultTokenScopes, type Scope } from '../core/access.ts'
import { describeError, MercatError } from '../core/errors.ts'
import type { Pipeline } from '../catalog/call.ts'
import type { Narrowing } from '../catalog/offer.ts'
import type { Admitted, CheckResult, Identity, Resource } from '../identity/index.ts'
import { guardHeaders, readBody, send, sendError, sendRpcError } from './answers.ts'
import type { McpEndpoint } from './mcp.ts'
import { readNarrowing } from './narrowing.ts'

/** The largest request: every argument of every tool fits many times. */
const mostBytes = 1_048_576
/** How long work whose access has ended may take to say so. */
const cutAfterMs = 1000

const preflight: OutgoingHttpHeaders = {
  ...guardHeaders,
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'authorization, content-type, last-event-id, mcp-method, mcp-name, mcp-protocol-version, mcp-session-id',
  'access-control-max-age': '3600',
}

export interface GateOptions {
  readonly identity: Pick<Identity, 'check' | 'hold' | 'metadataUrl'>
  readonly pipeline: Pipeline
  readonly endpoint: McpEndpoint
  readonly allowsOrigin: (origin: string) => boolean
}

export type Gate = (req: IncomingMessage, res: ServerResponse, resource: Resource, query: string) => Promise<void>

export function createGate({ identity, pipeline, endpoint, allowsOrigin }: GateOptions): Gate {
  function challenge(res: ServerResponse, status: 401 | 403, resource: Resource, error: string | undefined, description: string, scopes: readonly Scope[]): void {
    // RFC 6750 section 3.1: a request without any token gets no error code, only where to get one.
    const parameters = [
      ...(error === undefined ? [] : [`error="${error}"`, `error_description="${description}"`]),
      `resource_metadata="${identity.metadataUrl(resource)}"`,
      `scope="${scopes.join(' ')}"`,
    ]
    sendError(res, status, error ?? 'unauthorized', description, { 'www-authenticate': `Bearer ${parameters.join(', ')}` })
  }

  function refuse(res: ServerResponse, resource: Resource, check: Extract<CheckResult, { ok: false }>, token: string | undefined): void {
    if (check.error === 'mcp_disabled') {
      const error = new MercatError('mcp_disabled', 'MCP is not enabled for this account', { hint: 'A platform operator turns it on.' })
      sendError(res, 403, 'mcp_disabled', describeError(error))
      return
    }
    if (check.error === 'insufficient_scope') {
      challenge(res, 403, resource, 'insufficient_scope', 'The token does not carry the scopes this needs', check.scopes ?? defaultTokenScopes)
      return
    }
    // One answer for no token of ours: unknown, expired, revoked, of another account, or for an account that does not exist.
    challenge(
      res,
      401,
      resource,
      token === undefined ? undefined : 'invalid_token',
      token === undefined ? 'Sign in to use this endpoint' : 'The token is not valid for this endpoint',
      defaultTokenScopes,
    )
  }

  /** Whether the page that asks, if it is one, may: otherwise it has been refused. */
  function admitsOrigin(req: IncomingMessage, res: ServerResponse): boolean {
    // DNS rebinding and drive-by pages (MCP, "Security Warning" of Streamable HTTP): a browser always says its origin, and it must be one of ours.
    const { origin } = req.headers
    if (origin === undefined) return true
    if (!allowsOrigin(origin)) {
      sendError(res, 403, 'origin_not_allowed', 'Pages of this origin may not use this endpoint')
      return false
    }
    res.setHeader('access-control-allow-origin', origin)
    res.setHeader('access-control-expose-headers', 'www-authenticate, retry-after')
    res.setHeader('vary', 'origin')
    return true
  }

  /** Who is asking; undefined when they have been refused. */
  async function admit(req: IncomingMessage, res: ServerResponse, resource: Resource, query: string): Promise<{ token: string; check: Admitted } | undefined> {
    // A token in an address ends up in histories and logs (RFC 9700 section 4.3.2): it is refused even where it would be valid.
    if (/(^|&)access_token=/.test(query)) {
      challenge(res, 401, resource, 'invalid_token', 'Send the token in the Authorization header, never in the address', defaultTokenScopes)
      return undefined
    }
    const token = bearerOf(req)
    const check = await identity.check(token, resource)
    if (check.ok && token !== undefined) return { token, check }
    if (check.ok) throw new Error('A request without a token passed the check')
    refuse(res, resource, check, token)
    return undefined
  }

  return async (req, res, resource, query) => {
    if (!admitsOrigin(req, res)) return
    // The question a browser asks before it lets a page send its token (Fetch, "CORS-preflight request"): it carries none itself.
    if (req.method === 'OPTIONS' && req.headers.origin !== undefined) return void res.writeHead(204, preflight).end()
    const admitted = await admit(req, res, resource, query)
    if (!admitted) return
    const { principals } = admitted.check
    const leaving = new AbortController()
    // Work and streams end with the access they were begun with (MCP, "Authorization": a token that is revoked or expired is good for nothing).
    const release = identity.hold(admitted.token, resource, admitted.check, () => {
      leaving.abort()
      // Whatever does not heed the signal is cut off.
      setTimeout(() => res.destroy(), cutAfterMs).unref()
    })
    res.once('close', () => {
      release()
      if (!res.writableFinished) leaving.abort()
    })
    // GET and DELETE belong to sessions (2025-11-25, "Streamable HTTP"), and there are none.
    if (req.method !== 'POST') {
      sendRpcError(res, 405, -32000, 'Method not allowed', { allow: 'POST' })
      return
    }
    const narrowing = narrowingOf(query, res)
    const read = narrowing && (await readMessage(req, res))
    if (!read) return
    for (const call of toolCalls(read.body)) {
      const scopes = pipeline.scopesToAskFor({ ...call, principals })
      if (!scopes) continue
      challenge(res, 403, resource, 'insufficient_scope', 'The person can grant what this tool needs: ask for consent again', scopes)
      return
    }
    const { body, retryAfter } = await endpoint.handle({ headers: req.headers, body: read.body, principals, narrowing, signal: leaving.signal })
    // In band the model reads when to try again; proxies and clients that retry by themselves read it here (RFC 9110 section 10.2.3).
    if (retryAfter !== undefined && !res.headersSent) res.setHeader('retry-after', String(retryAfter))
    if (typeof body === 'string') send(res, 200, 'application/json', body)
    else await pour(body, res)
  }
}

/** What the address narrows to; answers itself, and gives undefined, when it says something it cannot mean. */
function narrowingOf(query: string, res: ServerResponse): Narrowing | undefined {
  try {
    return readNarrowing(query)
  } catch (error) {
    if (!(error instanceof MercatError)) throw error
    sendError(res, error.status, error.code, describeError(error))
    return undefined
  }
}

function bearerOf(req: IncomingMessage): string | undefined {
  const { authorization } = req.headers
  return authorization === undefined ? undefined : (/^Bearer +([\w.~+/=-]{1,4096})$/i.exec(authorization)?.[1] ?? '')
}

/** The JSON of a POST; answers itself, and gives undefined, when there is none. */
async function readMessage(req: IncomingMessage, res: ServerResponse): Promise<{ body: unknown } | undefined> {
  if (!/^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '')) {
    sendRpcError(res, 415, -32000, 'Send Content-Type: application/json', { connection: 'close' })
    return undefined
  }
  const bytes = await readBody(req, mostBytes)
  if (!bytes) {
    sendRpcError(res, 413, -32000, `The request is larger than ${mostBytes} bytes`, { connection: 'close' })
    return undefined
  }
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'))
    // The SDK takes an undefined body for "read it yourself"; JSON has no undefined, so only null needs an answer here.
    if (body !== null) return { body }
  } catch {
    // Fall through: the text of a parse error repeats the input.
  }
  sendRpcError(res, 400, -32700, 'The body is not a JSON-RPC message')
  return undefined
}

/** The tools/call requests of a message; of a batch (protocol 2025-03-26), all of them. */
function toolCalls(body: unknown): { name: string; arguments: unknown }[] {
  if (Array.isArray(body)) return body.flatMap((message) => (Array.isArray(message) ? [] : toolCalls(message)))
  if (typeof body !== 'object' || body === null || !('method' in body) || body.method !== 'tools/call' || !('params' in body)) return []
  const { params } = body
  if (typeof params !== 'object' || params === null || !('name' in params) || typeof params.name !== 'string') return []
  return [{ name: params.name, arguments: 'arguments' in params ? params.arguments : undefined }]
}

/** Writes a web Response: JSON in one piece, an event stream as it comes. */
async function pour(response: Response, res: ServerResponse): Promise<void> {
  if (res.destroyed) return void response.body?.cancel().catch(() => {})
  const headers: OutgoingHttpHeaders = { ...guardHeaders }
  for (const [name, value] of response.headers) headers[name] = value
  if (!response.body) {
    res.writeHead(response.status, headers)
    return void res.end()
  }
  if (!headers['content-type']?.toString().startsWith('text/event-stream')) {
    const body = await response.text()
    headers['content-length'] = Buffer.byteLength(body)
    res.writeHead(response.status, headers)
    return void res.end(body)
  }
  res.writeHead(response.status, headers)
  const reader = response.body.getReader()
  res.once('close', () => void reader.cancel().catch(() => {}))
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    // A reader that falls behind holds the stream back instead of filling memory.
    if (!res.write(value) && !res.destroyed)
      await new Promise<void>((resolve) => {
        res.once('drain', resolve)
        res.once('close', resolve)
      })
  }
  res.end()
}
