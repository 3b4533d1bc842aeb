/** Data that keeps coming: how much is acknowledged and how fast figures follow, against an HTTP server that does nothing with what it reads. Every figure must be exactly what was acknowledged. */
import type { DoorName } from './lib/deliveries.ts'
import { awaitLine, launch, output, stop } from './lib/process.ts'
import type { Finding } from './lib/report.ts'
import type { Normal, Order, Rate, Soak } from './stream-load.ts'

export interface StreamBenchOptions {
  /** Of each door. */
  readonly seconds: number
  /** Events of a soak instead of the rest; undefined: no soak. */
  readonly soak?: number | undefined
  readonly profile?: string | undefined
}

const connections = 16
const normalLoad = { seconds: 30, perSecond: 200 }
const doors: readonly { door: DoorName; what: string; aim: number }[] = [
  { door: 'sendgrid', what: 'SendGrid batches of 100', aim: 20_000 },
  { door: 'ndjson', what: 'NDJSON of 1,000 lines', aim: 50_000 },
]

export async function benchStream(options: StreamBenchOptions, say: (text: string) => void): Promise<Finding[]> {
  if (options.soak !== undefined) return soaked(await loaded<Soak>({ measure: 'soak', door: 'sendgrid', events: options.soak, connections }, options))
  const findings: Finding[] = []
  for (const { door, what, aim } of doors) {
    const found = await againstBare(door, aim, options)
    say(`  ${what}: ${Math.round(found.perSecond)} events/s acknowledged, bare ${Math.round(found.bare)} events/s, counted ${found.counted.toFixed(1)} s after the last`)
    findings.push(...rated(what, aim, found))
  }
  const { p50, max } = await loaded<Normal>({ measure: 'normal', ...normalLoad }, options)
  const note = `${normalLoad.perSecond} events/s for ${normalLoad.seconds} s`
  return [
    ...findings,
    { part: 'stream', what: 'normal load: from acknowledgement into the figures, p50', value: p50, unit: 's', note },
    { part: 'stream', what: 'normal load: the longest', value: max, unit: 's', aim: { atMost: 5 }, note },
  ]
}

/** What is made ahead is enough for four times the aim; a run that takes more ends early, and says so. */
async function againstBare(door: DoorName, aim: number, options: StreamBenchOptions): Promise<Rate> {
  const bare = launch('servers/bare.ts')
  try {
    const order: Order = {
      measure: 'rate',
      bare: await awaitLine(bare, 'listening'),
      door,
      seconds: options.seconds,
      bareSeconds: options.seconds / 4,
      most: 4 * aim * options.seconds,
      connections,
    }
    return await loaded<Rate>(order, options)
  } finally {
    await stop(bare)
  }
}

/** A fresh Mercat, on as many cores as there are, under one load. */
async function loaded<Found>(order: Order, { profile }: StreamBenchOptions): Promise<Found> {
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=stream-${'door' in order ? order.door : order.measure}-${Date.now()}.cpuprofile`] : []
  const server = launch('servers/stream.ts', { flags })
  try {
    const watched = await awaitLine(server, 'listening')
    return JSON.parse(await output(launch('stream-load.ts', { args: [JSON.stringify(order), watched] }))) as Found
  } finally {
    await stop(server)
  }
}

function rated(what: string, aim: number, found: Rate): Finding[] {
  const { acknowledged, seconds, perSecond, slowest, bare, p50, p99, putOff, load, empty, counted } = found
  const note = `${seconds.toFixed(1)} s over ${connections} connections, slowest second ${slowest.toLocaleString('en')}; the load took ${Math.round(load * 100)} % of a core${putOff ? `; put off ${putOff} times` : ''}`
  const of = (finding: string, value: number, unit: string, more: Partial<Finding> = {}): Finding => ({ part: 'stream', what: `${what}: ${finding}`, value, unit, ...more })
  return [
    of('acknowledged', perSecond, 'events/s', { aim: { atLeast: aim }, note }),
    of('acknowledged : bare', perSecond / bare, '×', { note: `a bare HTTP server took ${Math.round(bare).toLocaleString('en')} events/s` }),
    of('acknowledgement p50', p50, 'ms'),
    of('acknowledgement p99', p99, 'ms'),
    of('inbox empty after the last', empty, 's'),
    of('figures right after the last', counted, 's', { note: `${acknowledged.toLocaleString('en')} events, every figure exact` }),
    of('from the first request into the figures', acknowledged / (seconds + counted), 'events/s'),
  ]
}

function soaked({ acknowledged, seconds, putOff, first, last, after, counted }: Soak): Finding[] {
  const of = (what: string, value: number, unit: string, more: Partial<Finding> = {}): Finding => ({ part: 'stream', what: `soak: ${what}`, value, unit, ...more })
  return [
    of('acknowledged', acknowledged / seconds, 'events/s', { note: `${acknowledged.toLocaleString('en')} events in ${Math.round(seconds)} s; put off ${putOff} times` }),
    of('most memory while the first quarter came', first, 'MB'),
    of('most memory while the last quarter came', last, 'MB'),
    of('last : first', last / first, '×', { aim: { atMost: 1.25 } }),
    of('most memory while what waited was loaded and counted', after, 'MB'),
    of('figures right after the last', counted, 's', { note: 'every figure exact' }),
  ]
}
