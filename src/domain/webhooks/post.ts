/** One POST to a receiver: at most 10 s, no redirect, to the address that was checked, and of the answer nothing but its status. Decides nothing about what comes next. */
import { lookup } from 'node:dns/promises'
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type Address, hostOf, pinnedTo } from '../../core/addresses.ts'
import { networkFailure, withinTime } from '../../core/outgoing.ts'
import { allowedAddress } from './address.ts'
import { type Failure, type Outcome, outcomeOf } from './outcome.ts'

/** What of an answer's body is taken before the connection is cut: most receivers say a few words. */
const mostBytes = 64 * 1024
/** How long an answer that was understood may go on. */
const tailMs = 1_000

export interface PostOptions {
  /** Whether Mercat itself is on loopback. */
  readonly local: boolean
  /** Default: DNS. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>
  /** Default: 10 s. */
  readonly timeoutMs?: number
}

export interface Delivery {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Never throws but for the signal: whatever a receiver does is an outcome. */
export type Post = (delivery: Delivery, signal: AbortSignal) => Promise<Outcome>

export function createPost({ local, resolve = (host) => lookup(host, { all: true, verbatim: true }), timeoutMs = 10_000 }: PostOptions): Post {
  return async ({ url: address, headers, body }, signal) => {
    const url = new URL(address)
    try {
      return await withinTime(signal, timeoutMs, async (stop) => {
        const found = await resolve(hostOf(url))
        stop.throwIfAborted()
        const to = allowedAddress(url, found, local)
        return to ? await send({ url, to, headers, body, signal: stop }) : failed('private_address')
      })
    } catch (error) {
      signal.throwIfAborted()
      return failed(networkFailure(error))
    }
  }
}

const failed = (failure: Failure): Outcome => ({ ok: false, failure, status: null })

interface Sent extends Omit<Delivery, 'url'> {
  readonly url: URL
  readonly to: Address
  readonly signal: AbortSignal
}

function send({ url, to, headers, body, signal }: Sent): Promise<Outcome> {
  return new Promise((done, fail) => {
    const own = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), 'user-agent': 'Mercat-Webhooks' }
    const options = { method: 'POST', lookup: pinnedTo(to) as never, signal, agent: false, headers: { ...own, ...headers } }
    const request: ClientRequest = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      done(outcomeOf(response.statusCode ?? 0, response.headers['retry-after']))
      discard(response)
    })
    request.on('error', fail).end(body)
  })
}

/** Lets a receiver finish what it says, within bounds: the status has decided already. */
function discard(response: IncomingMessage): void {
  let bytes = 0
  const late = setTimeout(() => response.destroy(), tailMs)
  response
    .on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostBytes) response.destroy()
    })
    .on('error', () => {})
    .on('close', () => clearTimeout(late))
}
