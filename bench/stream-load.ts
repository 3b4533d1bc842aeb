/** The load of the bench of data that keeps coming, a process of its own: what it sends, it signs. Arguments: one JSON object, the port beside the server; output: one JSON line, progress on stderr. */
import { setTimeout as sleep } from 'node:timers/promises'
import { lifeOf, newSigner, figuresOf } from '../test/stream/deliveries.ts'
import { blockOf, type DoorName, eventsPerBlock, eventsPerRequest, figuresOfBlocks, type Ready, readyOf, requestsPerBlock } from './lib/deliveries.ts'
import { createPoster, type Driven, quantile } from './lib/poster.ts'
import { watch } from './lib/watch.ts'

/** One of three measurements. `bare`: the port of the bare server. `most`: events to make ahead. */
export type Order =
  | {
      readonly measure: 'rate'
      readonly bare: string
      readonly door: DoorName
      readonly seconds: number
      readonly bareSeconds: number
      readonly most: number
      readonly connections: number
    }
  | { readonly measure: 'normal'; readonly seconds: number; readonly perSecond: number }
  | { readonly measure: 'soak'; readonly door: DoorName; readonly events: number; readonly connections: number }

export interface Rate {
  readonly bare: number
  readonly acknowledged: number
  readonly seconds: number
  readonly perSecond: number
  readonly slowest: number
  readonly p50: number
  readonly p99: number
  readonly putOff: number
  /** Of one core, what this process took meanwhile. */
  readonly load: number
  /** Seconds after the last acknowledgement until the inbox was empty, and until all was counted. */
  readonly empty: number
  readonly counted: number
}

export interface Normal {
  readonly p50: number
  readonly max: number
}

export interface Soak {
  readonly acknowledged: number
  readonly seconds: number
  readonly putOff: number
  /** The most memory in MB while the first quarter came, while the last came, and until all of it was counted. */
  readonly first: number
  readonly last: number
  readonly after: number
  readonly counted: number
}

const [given = '{}', watched = ''] = process.argv.slice(2)
const order = JSON.parse(given) as Order
const signer = newSigner()
const server = watch(`http://127.0.0.1:${watched}`)
const doors = await server.doors(signer.publicKey)

/** Whole blocks one after the other: ends at the end of one. */
function taken(blocks: (number: number) => Ready[] | undefined, over: () => boolean): { next: () => Ready | undefined; sent: () => number } {
  let [block, place] = [0, requestsPerBlock]
  let ready: Ready[] | undefined = []
  return {
    next: () => {
      if (place === requestsPerBlock) {
        ready = over() ? undefined : blocks(block)
        if (!ready) return undefined
        place = 0
        block++
      }
      return ready?.[place++]
    },
    sent: () => block,
  }
}

/** Everything is made ahead, so that while it is measured little but sending is done here. */
async function rate({ bare, door, seconds, bareSeconds, most, connections }: Extract<Order, { measure: 'rate' }>): Promise<Rate> {
  const at = new Date()
  const blocks = Array.from({ length: Math.ceil(most / eventsPerBlock(door)) }, (_, number) => blockOf(door, number, signer, at))
  const until = (length: number) => {
    const end = performance.now() + length * 1000
    return () => performance.now() > end
  }
  const toBare = createPoster({ url: `http://127.0.0.1:${bare}/${eventsPerRequest[door]}`, headers: doors[door].headers }, connections)
  const least = await toBare.drive(taken((number) => blocks[number % blocks.length], until(bareSeconds)).next)
  toBare.close()

  const poster = createPoster(doors[door], connections)
  const cpu = process.cpuUsage()
  const supply = taken((number) => blocks[number], until(seconds))
  const driven = await poster.drive(supply.next)
  const { user, system } = process.cpuUsage(cpu)
  poster.close()
  const { empty, counted } = await server.settled(figuresOfBlocks(door, supply.sent()))
  return {
    bare: least.events / least.seconds,
    acknowledged: driven.events,
    seconds: driven.seconds,
    perSecond: driven.events / driven.seconds,
    slowest: slowestOf(driven),
    p50: quantile(driven.latencies, 0.5),
    p99: quantile(driven.latencies, 0.99),
    putOff: driven.putOff,
    load: (user + system) / 1e6 / driven.seconds,
    empty,
    counted,
  }
}

/** Of the whole seconds. */
const slowestOf = ({ perSecond, seconds }: Driven): number => Math.min(...perSecond.slice(0, Math.max(1, Math.floor(seconds))))

/** A steady trickle of small deliveries, and how long each takes from its acknowledgement into the figures. */
async function normal({ seconds, perSecond }: Extract<Order, { measure: 'normal' }>): Promise<Normal> {
  // Eight messages are whole lives: 22 events.
  const messages = 8
  const campaign = 'normal'
  const poster = createPoster(doors.sendgrid, 4)
  const at = new Date()
  const acknowledged: number[] = []
  const lags: number[] = []
  let over = false
  const look = async () => {
    while (!over || lags.length < acknowledged.length) {
      const asked = performance.now()
      const sends = Number((await server.figures(campaign))?.sends ?? 0)
      for (const moment of acknowledged.slice(lags.length, sends / messages)) lags.push(Math.max(0, performance.now() - moment))
      if (asked - (acknowledged.at(-1) ?? asked) > 60_000) throw new Error(`${acknowledged.length - lags.length} deliveries are not counted after a minute`)
      await sleep(50)
    }
  }
  const looking = look()
  const began = performance.now()
  let sent = 0
  while (performance.now() - began < seconds * 1000) {
    const numbers = Array.from({ length: messages }, (_, index) => acknowledged.length * messages + index)
    const ready = readyOf(
      'sendgrid',
      numbers.flatMap((number) => lifeOf(campaign, number, at)),
      signer,
    )
    await poster.post(ready)
    acknowledged.push(performance.now())
    sent += ready.events
    await sleep(Math.max(0, began + (sent / perSecond) * 1000 - performance.now()))
  }
  over = true
  await looking
  poster.close()
  await server.settled(new Map([[campaign, figuresOf(acknowledged.length * messages)]]))
  lags.sort((a, b) => a - b)
  return { p50: quantile(lags, 0.5) / 1000, max: quantile(lags, 1) / 1000 }
}

/** As many as are asked for, as fast as they are taken; made as they are sent, since so many fit in no memory. */
async function soak({ door, events, connections }: Extract<Order, { measure: 'soak' }>): Promise<Soak> {
  const poster = createPoster(doors[door], connections)
  const most = Math.ceil(events / eventsPerBlock(door))
  const at = new Date()
  const supply = taken(
    (number) => (number < most ? blockOf(door, number, signer, at) : undefined),
    () => false,
  )
  let [acknowledged, first, last, after, told, over] = [0, 0, 0, 0, 0, false]
  const began = performance.now()
  const note = ({ items, rss }: { items: number; rss: number }) => {
    const share = acknowledged / (most * eventsPerBlock(door))
    if (share < 0.25) first = Math.max(first, rss)
    if (over) after = Math.max(after, rss)
    else if (share >= 0.75) last = Math.max(last, rss)
    const seconds = (performance.now() - began) / 1000
    if (seconds - told < 5) return
    told = seconds
    console.error(`  ${Math.round(seconds)} s: ${acknowledged.toLocaleString('en')} acknowledged, ${items.toLocaleString('en')} wait, ${Math.round(rss)} MB`)
  }
  const looking = (async () => {
    while (!over) {
      note(await server.state())
      await sleep(500)
    }
  })()
  const driven = await poster.drive(supply.next, (more) => {
    acknowledged += more
  })
  over = true
  await looking
  poster.close()
  const { counted } = await server.settled(figuresOfBlocks(door, supply.sent()), note)
  return { acknowledged, seconds: driven.seconds, putOff: driven.putOff, first, last, after, counted }
}

async function measured(): Promise<Rate | Normal | Soak> {
  switch (order.measure) {
    case 'rate':
      return await rate(order)
    case 'normal':
      return await normal(order)
    case 'soak':
      return await soak(order)
  }
}
console.log(JSON.stringify(await measured()))
