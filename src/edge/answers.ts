/** Writes answers of the edge: JSON and text with the security headers every answer carries. Knows no route. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { ErrorDetails } from '../core/errors.ts'

/** What answers without a page of their own carry: nothing in them may run, be framed, be sniffed, or be kept by a cache. */
export const guardHeaders: OutgoingHttpHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

export function send(res: ServerResponse, status: number, type: string, body: string, headers: OutgoingHttpHeaders = {}): void {
  if (res.headersSent || res.destroyed) return
  res.writeHead(status, { ...guardHeaders, 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers })
  res.end(res.req.method === 'HEAD' ? undefined : body)
}

export function sendJson(res: ServerResponse, status: number, value: unknown, headers: OutgoingHttpHeaders = {}): void {
  send(res, status, 'application/json', JSON.stringify(value), headers)
}

/** When it makes sense to come again, where an error says so. */
export const retryHeader = ({ retryAfter }: Pick<ErrorDetails, 'retryAfter'>): OutgoingHttpHeaders => (retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) })

/** An error outside of JSON-RPC, in the form OAuth clients read (RFC 6750 section 3). */
export function sendError(res: ServerResponse, status: number, error: string, description: string, headers: OutgoingHttpHeaders = {}): void {
  sendJson(res, status, { error, error_description: description }, headers)
}

/** An error before a JSON-RPC message could be dispatched. The id is unknown there, and null says so (JSON-RPC 2.0, section 5). */
export function sendRpcError(res: ServerResponse, status: number, code: number, message: string, headers: OutgoingHttpHeaders = {}): void {
  sendJson(res, status, { jsonrpc: '2.0', error: { code, message }, id: null }, headers)
}

/**
 * The body, or undefined when it is over the limit: then nothing more is read. Rejects when the sender goes away.
 * @param most bytes
 * @param count is told of each chunk before it is held; when it throws, nothing more is read, and that is what the body rejects with
 */
export function readBody(req: IncomingMessage, most: number, count: (bytes: number) => void = () => {}): Promise<Buffer | undefined> {
  const announced = Number(req.headers['content-length'])
  if (announced > most) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const stop = () => req.off('data', onData).pause()
    const onData = (chunk: Buffer) => {
      size += chunk.length
      try {
        count(chunk.length)
      } catch (error) {
        stop()
        return reject(error)
      }
      if (size > most) {
        stop()
        resolve(undefined)
      } else {
        chunks.push(chunk)
      }
    }
    req.on('data', onData)
    req.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    req.on('error', reject)
    req.on('close', () => reject(new Error('The request was closed before its end')))
  })
}
