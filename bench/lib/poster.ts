/** Sends requests over a bounded number of connections that stay open, and keeps what the answers took. Makes no request itself. */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ready, Target } from './deliveries.ts'

export interface Driven {
  readonly events: number
  readonly seconds: number
  /** Milliseconds until each request was acknowledged, in ascending order. */
  readonly latencies: readonly number[]
  /** Events acknowledged in each second. */
  readonly perSecond: readonly number[]
  /** Answers that said to come again later; the same was sent again then. */
  readonly putOff: number
}

export interface Poster {
  /** Resolves when it is acknowledged; puts off as it is told. Throws on any other answer. @returns how often it was put off */
  readonly post: (ready: Ready) => Promise<number>
  /** Sends what `next` gives over all connections until it gives no more. `each` hears how many events every acknowledged request had. */
  readonly drive: (next: () => Ready | undefined, each?: (events: number) => void) => Promise<Driven>
  readonly close: () => void
}

export function createPoster(target: Target, connections: number): Poster {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })

  async function post(ready: Ready): Promise<number> {
    for (let putOff = 0; ; putOff++) {
      const { status, text, retryAfter } = await sent(agent, target, ready)
      if (status === 200 && text === `{"accepted":${ready.events}}`) return putOff
      if (status !== 503 || !(retryAfter > 0)) throw new Error(`${ready.events} events were answered by ${status}: ${text.slice(0, 300)}`)
      await sleep(retryAfter * 1000)
    }
  }

  return {
    post,
    drive: async (next, each = () => {}) => {
      const latencies: number[] = []
      const perSecond: number[] = []
      let [events, putOff] = [0, 0]
      const began = performance.now()
      const connection = async () => {
        for (let ready = next(); ready; ready = next()) {
          const from = performance.now()
          putOff += await post(ready)
          const now = performance.now()
          latencies.push(now - from)
          const second = Math.floor((now - began) / 1000)
          perSecond[second] = (perSecond[second] ?? 0) + ready.events
          events += ready.events
          each(ready.events)
        }
      }
      await Promise.all(Array.from({ length: connections }, connection))
      const seconds = (performance.now() - began) / 1000
      return { events, seconds, putOff, latencies: latencies.sort((a, b) => a - b), perSecond: Array.from(perSecond, (count) => count ?? 0) }
    },
    close: () => agent.destroy(),
  }
}

/** @param share 0.5 is the median */
export const quantile = (ascending: readonly number[], share: number): number => ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN

function sent(agent: Agent, { url, headers }: Target, ready: Ready): Promise<{ status: number; text: string; retryAfter: number }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent, headers: { ...headers, ...ready.headers, 'content-length': ready.body.length } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, retryAfter: Number(answer.headers['retry-after']) }))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(ready.body)
  })
}
