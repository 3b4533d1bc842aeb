/** How pull sources ask a platform: GETs of JSON at one address, slow and patient, to the machine that was checked. Of an answer nothing but its JSON leaves this file: no body is in an error or a log. */
import { lookup } from 'node:dns/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, hostOf, isLoopbackAddress, isPublicAddress, pinnedTo } from '../core/addresses.ts'
import { MercatError } from '../core/errors.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import { networkFailure, parseRetryAfter, withinTime } from '../core/outgoing.ts'
import { notJson, parseExact } from './readers/ndjson.ts'
import type { PullContext } from './sources/define.ts'

const mostBytes = 10 * 1024 * 1024
/** Between the beginnings of two requests: at most 5 a second. */
const spacingMs = 200
const mostRetries = 5
const longestWaitMs = 60_000
const passing: ReadonlySet<number> = new Set([429, 500, 502, 503, 504])

export interface PullClientOptions {
  /** http or https; paths are below it. */
  readonly baseUrl: string
  /** Whether Mercat itself is on loopback: then loopback may be asked too. */
  readonly local: boolean
  /** Hosts that may be in a private network, and be asked by http. */
  readonly privateHosts: readonly string[]
  /** Ends the pull. */
  readonly signal: AbortSignal
  /** Default: DNS. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>
  /** Default: timers. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** Milliseconds; default: a monotonic clock. */
  readonly clock?: () => number
  /** Of one request; default: 30 s. */
  readonly timeoutMs?: number
}

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  /** undefined: too large. */
  readonly body: Buffer | undefined
}

/**
 * The `get` of a PullContext. One request at a time, at most 5 a second; 429 and passing faults of the server are asked again up to 5 times, as late as the platform says (at most a minute).
 * Where a number of an answer might not survive as a double, all its numbers are texts, as they are written.
 * Throws `invalid_arguments` where the address, the path or the credentials are refused, `too_large`, and `unavailable`; the signal's reason when it ends.
 */
export function createPullClient(options: PullClientOptions): PullContext<unknown>['get'] {
  const { signal, wait = (ms, end) => sleep(ms, undefined, { signal: end }), clock = () => performance.now() } = options
  let turn: Promise<unknown> = Promise.resolve()
  let next = Number.NEGATIVE_INFINITY

  const ask = async (url: URL, headers: Readonly<Record<string, string>>): Promise<unknown> => {
    for (let retries = 0; ; retries++) {
      signal.throwIfAborted()
      const early = next - clock()
      if (early > 0) await wait(early, signal)
      next = clock() + spacingMs
      const answer = await send(url, headers, options)
      if (!passing.has(answer.status)) return jsonOf(answer, url)
      if (retries === mostRetries) throw unavailable(url, `answered ${mostRetries + 1} times with HTTP ${answer.status}`)
      await wait(Math.min(parseRetryAfter(answer.retryAfter, new Date()) ?? 1000 * 2 ** retries, longestWaitMs), signal)
    }
  }

  return async (path, query = {}, headers = {}) => {
    const url = below(options.baseUrl, path, query)
    const mine = turn.then(async () => await ask(url, headers))
    turn = mine.catch(() => {})
    return await mine
  }
}

function below(baseUrl: string, path: string, query: Readonly<Record<string, string | number>>): URL {
  const url = new URL(baseUrl)
  url.pathname = url.pathname.replace(/\/+$/, '') + path
  url.search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString()
  return url
}

async function send(url: URL, headers: Readonly<Record<string, string>>, options: PullClientOptions): Promise<Answer> {
  const { signal, resolve = (host) => lookup(host, { all: true, verbatim: true }), timeoutMs = 30_000 } = options
  try {
    return await withinTime(signal, timeoutMs, async (stop) => {
      const found = await resolve(hostOf(url))
      stop.throwIfAborted()
      return await exchange(url, allowed(url, found, options), headers, stop)
    })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof MercatError) throw error
    const words = {
      timeout: `did not answer within ${timeoutMs / 1000} s`,
      unknown_host: 'is not known by name',
      tls: 'has no certificate that is trusted',
      connection: 'cannot be reached',
    }
    throw unavailable(url, words[networkFailure(error)], error)
  }
}

/** The address to connect to. One bad address among good ones is an attack, not a choice. */
function allowed(url: URL, found: readonly Address[], { local, privateHosts }: PullClientOptions): Address {
  const host = hostOf(url).toLowerCase()
  const trusted = privateHosts.some((name) => name.toLowerCase() === host)
  const loopback = local && isLoopbackHost(url.host)
  const fits = trusted ? () => true : loopback ? isLoopbackAddress : isPublicAddress
  const [to] = found
  if (!to || !found.every(({ address }) => fits(address)))
    throw refused(`${host} is not on the public internet`, `If it is a platform of yours, whoever runs this Mercat adds it to MERCAT_PULL_HOSTS: MERCAT_PULL_HOSTS=${host}`)
  if (url.protocol !== 'https:' && !trusted && !loopback)
    throw refused(
      'The address is not https: the credentials would travel in the clear',
      'Give one that begins with https://, or have a host of your own network added to MERCAT_PULL_HOSTS.',
    )
  return to
}

function exchange(url: URL, to: Address, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
  return new Promise((done, fail) => {
    const own = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'Mercat-Sources' }
    const options = { method: 'GET', lookup: pinnedTo(to) as never, signal, agent: false, headers: { ...own, ...headers } }
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      const answer = (body: Buffer | undefined) => done({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], body })
      response
        .on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes <= mostBytes) return chunks.push(chunk)
          answer(undefined)
          return response.destroy()
        })
        .on('end', () => (response.complete ? answer(Buffer.concat(chunks)) : fail(new Error('The answer broke off'))))
        .on('error', fail)
    })
    request.on('error', fail).end()
  })
}

function jsonOf({ status, body }: Answer, url: URL): unknown {
  if (status === 401 || status === 403)
    throw refused('The platform refuses these credentials', 'Compare the user, the key and their permissions with the platform’s, and set them anew.')
  if (status === 404) throw refused('The platform does not know this path', `Is the address of the source that of the platform itself? Mercat asked for ${url.pathname}.`)
  if (status >= 300 && status < 400) throw refused('The address leads elsewhere', 'Give the address it leads to: Mercat follows no redirection.')
  if (status < 200 || status >= 300) throw unavailable(url, `answered with HTTP ${status}`)
  if (!body) throw new MercatError('too_large', 'The platform’s answer is over 10 MB', { hint: 'Nothing of it was kept. Campaigns or messages of such a size cannot be pulled.' })
  try {
    return parseExact(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    throw refused(`The platform’s answer is ${notJson(error)}`, `Is the address of the source that of the platform’s API? Mercat asked for ${url.pathname}.`)
  }
}

const refused = (message: string, hint: string): MercatError => new MercatError('invalid_arguments', message, { argument: 'baseUrl', hint })
const unavailable = (url: URL, what: string, cause?: unknown): MercatError =>
  new MercatError('unavailable', `The platform at ${url.host} ${what}`, { hint: 'The next pull goes on where this one ended.' }, { cause })
