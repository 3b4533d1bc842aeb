/** Fetches client ID metadata documents from the public internet, and nothing else from anywhere. Judges the transport, not the content. */
import { lookup } from 'node:dns/promises'
import { request } from 'node:https'
import { type Address, hostOf, isPublicAddress, pinnedTo } from '../../core/addresses.ts'
import type { Clock } from '../../core/clock.ts'
import { networkFailure, withinTime } from '../../core/outgoing.ts'
import type { Limits } from '../limits.ts'
import type { DocumentStore } from './documents-repository.ts'

const limits = { bytes: 5 * 1024, ms: 2500, minFreshSeconds: 300, maxFreshSeconds: 86_400, urlCharacters: 2000 } as const

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: AsyncIterable<Uint8Array>
}
/** The two steps that leave the machine. Tests give their own; everything that is checked lies outside them. */
export interface Outgoing {
  readonly resolve: (hostname: string) => Promise<readonly Address[]>
  /** A GET to exactly this address, with TLS for the URL's host, following no redirect. */
  readonly get: (url: URL, to: Address, signal: AbortSignal) => Promise<Answer>
}

export const internet: Outgoing = {
  resolve: (hostname) => lookup(hostname, { all: true, verbatim: true }),
  get: (url, to, signal) =>
    new Promise((done, fail) => {
      request(url, { lookup: pinnedTo(to) as never, signal, agent: false, headers: { accept: 'application/json', 'user-agent': 'Mercat' } }, (response) =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: response }),
      )
        .on('error', fail)
        .end()
    }),
}

/** Why a document was not fetched; never shown to the app with addresses in it. */
export class DocumentRefusedError extends Error {}

/** Fetches one document by the rules of the Client ID Metadata Document draft, section 6 (SSRF), and of identity.md, trap 8. */
export async function fetchDocument(address: string, outgoing: Outgoing): Promise<{ text: string; freshSeconds: number }> {
  const url = URL.parse(address)
  if (url?.protocol !== 'https:' || url.port !== '' || url.username || url.password || address.length > limits.urlCharacters)
    throw new DocumentRefusedError('a metadata document needs an https URL on port 443')
  try {
    return await withinTime(undefined, limits.ms, (stop) => fetchPublic(url, outgoing, stop))
  } catch (error) {
    throw networkFailure(error) === 'timeout' ? new DocumentRefusedError('the metadata document took too long') : error
  }
}

async function fetchPublic(url: URL, outgoing: Outgoing, signal: AbortSignal): Promise<{ text: string; freshSeconds: number }> {
  const addresses = await outgoing.resolve(hostOf(url))
  const [first] = addresses
  // One private address among public ones is an attack, not a choice.
  if (!first || !addresses.every(({ address }) => isPublicAddress(address))) throw new DocumentRefusedError('the host of the metadata document is not on the public internet')
  const answer = await outgoing.get(url, first, signal)
  if (answer.status !== 200) throw new DocumentRefusedError(`the metadata document answered ${answer.status}`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body) {
    size += chunk.length
    if (size > limits.bytes) throw new DocumentRefusedError('the metadata document is too large')
    chunks.push(chunk)
  }
  const maxAge = Number(/(?:^|[\s,])max-age=(\d{1,9})/i.exec(String(answer.headers['cache-control'] ?? ''))?.[1] ?? 0)
  return { text: Buffer.concat(chunks).toString('utf8'), freshSeconds: Math.min(Math.max(maxAge, limits.minFreshSeconds), limits.maxFreshSeconds) }
}

/** How long a document that could not be had is not asked for again. */
const failedSeconds = 60

/**
 * The `fetch` that oidc-provider gets: documents come from the store while fresh, from the internet otherwise, and from the store again when the internet fails
 * (stale-if-error, a week), so that an outage of an app's website signs nobody out. Anybody can name any address: fetches are counted, and failures remembered.
 */
export function createDocumentFetch(store: DocumentStore, outgoing: Outgoing, counts: Limits, clock: Clock): (url: string) => Promise<Response> {
  const answer = (text: string) => new Response(text, { headers: { 'content-type': 'application/json', 'cache-control': 'max-age=30' } })

  async function fetchAndKeep(url: string): Promise<string> {
    try {
      const { text, freshSeconds } = await fetchDocument(url, outgoing)
      assertNamesItself(text, url)
      await store.write(url, text, freshSeconds)
      return text
    } catch (error) {
      await store.putOff(url, failedSeconds)
      throw error
    }
  }

  return async (url) => {
    const kept = await store.read(url)
    const fresh = kept !== undefined && kept.freshUntil > clock()
    if (fresh && kept.text !== undefined) return answer(kept.text)
    if (fresh) throw new DocumentRefusedError('the metadata document could not be had a moment ago')
    try {
      const waits = [await counts.spend('documentHost', URL.parse(url)?.host ?? ''), await counts.spend('documents', '')]
      if (waits.some((wait) => wait !== undefined)) throw new DocumentRefusedError('too many metadata documents are being fetched')
      return answer(await fetchAndKeep(url))
    } catch (error) {
      if (kept?.text !== undefined) return answer(kept.text)
      throw error
    }
  }
}

/** A website that answers 200 with an error page must not replace the document that is kept. */
function assertNamesItself(text: string, url: string): void {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    document = undefined
  }
  if ((document as { client_id?: unknown } | null | undefined)?.client_id !== url) throw new DocumentRefusedError('the metadata document does not name its own address')
}
