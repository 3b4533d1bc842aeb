/** Tool calls per second: Mercat with everything on, the bare SDK and fastmcp, one core each, the load on another core, in interleaved rounds. */
import { launch, output, awaitLine, pinned, stop } from './lib/process.ts'
import { type Finding, median } from './lib/report.ts'

export interface CallOptions {
  /** Seconds of one measurement. */
  readonly seconds: number
  readonly rounds: number
  readonly connections: number
  /** Folder for a CPU profile of each server; undefined: none. */
  readonly profile?: string | undefined
}

interface Contestant {
  readonly name: string
  readonly file: string
  readonly era: '2025-06-18' | '2026-07-28'
  readonly tool: string
  readonly args: object
}

const echo = { tool: 'echo', args: { text: 'hello' } }
const contestants: readonly Contestant[] = [
  { name: 'bare SDK', file: 'servers/sdk.ts', era: '2025-06-18', ...echo },
  { name: 'fastmcp', file: 'servers/fastmcp.ts', era: '2025-06-18', ...echo },
  { name: 'Mercat', file: 'servers/mercat.ts', era: '2025-06-18', ...echo },
  { name: 'Mercat metric_definitions', file: 'servers/mercat.ts', era: '2025-06-18', tool: 'metric_definitions', args: { metrics: ['openRate'] } },
  { name: 'bare SDK 2026-07-28', file: 'servers/sdk.ts', era: '2026-07-28', ...echo },
  { name: 'Mercat 2026-07-28', file: 'servers/mercat.ts', era: '2026-07-28', ...echo },
]

/** All answer the same stateless request of the 2025-06-18 protocol, which all serve; the SDK and Mercat also one of 2026-07-28, which the SDK answers as plain JSON. */
export async function benchCalls(options: CallOptions, say: (text: string) => void): Promise<Finding[]> {
  const results = new Map<string, { perSecond: number; p99: number }[]>(contestants.map(({ name }) => [name, []]))
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= options.rounds; round++) {
    for (const contestant of contestants) {
      const measured = await measure(contestant, options)
      say(`  round ${round} ${contestant.name}: ${Math.round(measured.perSecond)} calls/s, p99 ${measured.p99} ms`)
      if (round > 0) results.get(contestant.name)?.push(measured)
    }
  }
  const rate = (name: string) => median((results.get(name) ?? []).map(({ perSecond }) => perSecond))
  const note = pinned
    ? `${options.connections} connections, medians of ${options.rounds} rounds of ${options.seconds} s, one core each`
    : 'NOT PINNED: taskset or a second core is missing'
  const ratio = (what: string, over: number, aim?: Finding['aim']): Finding => ({ part: 'calls', what, value: over, unit: '×', ...(aim ? { aim } : {}), note })
  return [
    ...contestants.map(
      ({ name }): Finding => ({ part: 'calls', what: name, value: rate(name), unit: 'calls/s', note: `p99 ${median((results.get(name) ?? []).map(({ p99 }) => p99))} ms` }),
    ),
    ratio('Mercat : bare SDK', rate('Mercat') / rate('bare SDK'), { atLeast: 1 }),
    ratio('Mercat : fastmcp', rate('Mercat') / rate('fastmcp'), { atLeast: 1.5 }),
    ratio('Mercat : bare SDK, both 2026-07-28', rate('Mercat 2026-07-28') / rate('bare SDK 2026-07-28'), { atLeast: 1 }),
    ratio('Mercat metric_definitions : bare SDK', rate('Mercat metric_definitions') / rate('bare SDK')),
  ]
}

/** What every request of the 2026-07-28 revision carries. */
const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** One contestant in a fresh process for one round; a wrong answer or a failed call ends the benchmark. */
async function measure({ name, file, era, tool, args }: Contestant, options: CallOptions): Promise<{ perSecond: number; p99: number }> {
  const flags = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`, `--cpu-prof-name=${name.replaceAll(' ', '-')}-${Date.now()}.cpuprofile`] : []
  const server = launch(file, { core: 0, flags })
  try {
    const [port, path, token] = (await awaitLine(server, 'listening')).split(' ')
    const url = `http://127.0.0.1:${port}${path}`
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': era,
      ...(era === '2026-07-28' ? { 'mcp-method': 'tools/call', 'mcp-name': tool } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: args, ...(era === '2026-07-28' ? { _meta: envelope } : {}) } })
    const answer = await (await fetch(url, { method: 'POST', headers, body })).text()
    if (!answer.includes('"result"') || answer.includes('"isError":true')) throw new Error(`${name} answered ${answer.slice(0, 500)}`)
    const load = (seconds: number) => output(launch('load.ts', { core: 1, args: [JSON.stringify({ url, headers, body, connections: options.connections, seconds })] }))
    await load(2)
    const { perSecond, p99, failed } = JSON.parse(await load(options.seconds)) as { perSecond: number; p99: number; failed: number }
    if (failed) throw new Error(`${name}: ${failed} calls failed under load`)
    return { perSecond, p99 }
  } finally {
    await stop(server)
  }
}
