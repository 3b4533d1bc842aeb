/** What a person over the rate limit costs another: the other's p50 while 500 requests are refused, against its p50 when it is quiet, in interleaved rounds of one run. */
import { awaitLine, launch, output, stop } from './lib/process.ts'
import { type Finding, median } from './lib/report.ts'

const limit = 5000
const requests = 500
const connections = 10
const rounds = 5

export async function benchLimits(): Promise<Finding[]> {
  const server = launch('servers/limited.ts', { core: 0, args: [String(limit)] })
  try {
    const [port, path, flooder, worker] = (await awaitLine(server, 'listening')).split(' ')
    const order = { url: `http://127.0.0.1:${port}${path}`, flooder, worker, limit, requests, connections, rounds }
    const load = await output(launch('limits-load.ts', { core: 1, args: [JSON.stringify(order)] }))
    const { quiet, meanwhile, refused } = JSON.parse(load) as { quiet: number[]; meanwhile: number[]; refused: number }
    if (refused !== requests) throw new Error(`${refused} of ${requests} requests over the limit were refused`)
    const note = `${requests} requests over the limit from ${connections} connections, sent again as soon as answered; ${quiet.length} and ${meanwhile.length} calls of the other`
    return [
      { part: 'limits', what: 'p50 of another person, quiet', value: median(quiet), unit: 'ms' },
      { part: 'limits', what: 'p50 of another person, meanwhile', value: median(meanwhile), unit: 'ms' },
      { part: 'limits', what: 'meanwhile : quiet', value: median(meanwhile) / median(quiet), unit: '×', aim: { atMost: 1.5 }, note },
    ]
  } finally {
    await stop(server)
  }
}
