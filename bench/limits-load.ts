/** One person floods a server although refused, another works: how long the other's calls take, quiet and meanwhile. A process of its own; argument: one JSON object, output: one JSON line. */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

interface Order {
  readonly url: string
  /** Who floods, and who works: bearer tokens. */
  readonly flooder: string
  readonly worker: string
  /** Calls a minute of one person. */
  readonly limit: number
  /** Requests of a flood, and over how many connections. */
  readonly requests: number
  readonly connections: number
  readonly rounds: number
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order
const agent = new Agent({ keepAlive: true })
const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'metric_definitions', arguments: { metrics: ['openRate'] } } })
const refusal = /"code":"rate_limited","retryAfter":\d+/

/** Resolves to the milliseconds and whether the call was refused for its limit; anything else is an error. */
function call(token: string): Promise<{ ms: number; refused: boolean }> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
      authorization: `Bearer ${token}`,
      'content-length': body.length,
    }
    const sent = request(order.url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => {
        const refused = refusal.test(text) && Number(response.headers['retry-after']) > 0
        if (response.statusCode !== 200 || (!refused && text.includes('"isError":true'))) reject(new Error(`${response.statusCode}: ${text.slice(0, 300)}`))
        else resolve({ ms: performance.now() - began, refused })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** All at once, as many as there are connections. */
async function flood(requests: number): Promise<number> {
  let left = requests
  let refused = 0
  await Promise.all(
    Array.from({ length: order.connections }, async () => {
      while (left-- > 0) if ((await call(order.flooder)).refused) refused++
    }),
  )
  return refused
}

/** Calls like an assistant at work: one after the other, with a moment between them. */
async function work(until: () => boolean): Promise<number[]> {
  const times: number[] = []
  while (!until()) {
    const { ms, refused } = await call(order.worker)
    if (refused) throw new Error('The other person was refused: the measurement took too many calls')
    times.push(ms)
    await sleep(4)
  }
  return times
}

// Uses the limit up, and warms the server.
await flood(order.limit)
const quiet: number[] = []
const meanwhile: number[] = []
let refused = 0
for (let round = 0; round < order.rounds; round++) {
  const until = performance.now() + 800
  quiet.push(...(await work(() => performance.now() > until)))
  let over = false
  const flooding = flood(order.requests / order.rounds).then((count) => {
    refused += count
    over = true
  })
  meanwhile.push(...(await work(() => over)))
  await flooding
}
agent.destroy()
console.log(JSON.stringify({ quiet, meanwhile, refused }))
