/** The load generator, a process of its own so that it never shares a core with the server it measures. Argument: one JSON object; output: one JSON line. */
import autocannon from 'autocannon'

interface Order {
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string
  readonly connections: number
  readonly seconds: number
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order
const result = await autocannon({
  url: order.url,
  method: 'POST',
  headers: order.headers,
  body: order.body,
  connections: order.connections,
  duration: order.seconds,
  timeout: 10,
  verifyBody: (body) => body.includes('"result"') && !body.includes('"isError":true'),
})
console.log(
  JSON.stringify({
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts + result.mismatches,
  }),
)
