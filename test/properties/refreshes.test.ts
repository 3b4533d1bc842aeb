/** A refresh killed at any step leaves the facts as they were or as they shall be, and its repetition ends as if nothing had happened. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultGoal } from '../../src/domain/accounts/settings.ts'
import { compiled } from '../child.ts'
import { type Part, parts, stream } from '../fixtures/arbitraries.ts'
import { type NaiveAccount, type NaiveFacts, type NaiveRows, naiveFacts } from '../fixtures/naive.ts'
import type { Orders } from './refresh-child.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-refreshes-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

const timeZone = 'Europe/Berlin'
const child = fileURLToPath(new URL('./refresh-child.ts', import.meta.url))

/** @returns whether it was killed */
async function run(orders: Omit<Orders, 'folder' | 'timeZone'>): Promise<boolean> {
  const running = spawn(process.execPath, [child, JSON.stringify({ folder, timeZone, ...orders } satisfies Orders)], {
    env: { ...process.env, ...compiled },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code, signal] = (await once(running, 'exit')) as [number | null, string | null]
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`The process ended with ${code ?? signal}`)
  return signal === 'SIGKILL'
}

const read = async <Content>(name: string) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Content
const write = async (name: string, rows: Part) => await writeFile(join(folder, name), JSON.stringify(rows))

/** Several streams as one, in three loads that overlap. */
function threeLoads(): Part[] {
  const streams = fc.sample(
    stream.filter((given) => given.timeZone === timeZone),
    { numRuns: 6, seed: 20 },
  )
  const whole: NaiveRows = {
    events: streams.flatMap(({ events }) => events),
    orders: streams.flatMap(({ orders }) => orders),
    webEvents: streams.flatMap(({ webEvents }) => webEvents),
  }
  return fc.sample(parts(whole), { numRuns: 1, seed: 21 })[0]?.slice(0, 3) ?? []
}

test('killed at each step, then repeated', async () => {
  const loads = threeLoads()
  const [first, second, third] = loads as [Part, Part, Part]
  for (const [index, rows] of loads.entries()) await write(`${index}.json`, rows)
  const upTo = (count: number): NaiveRows => ({
    events: loads.slice(0, count).flatMap(({ events }) => events),
    orders: loads.slice(0, count).flatMap(({ orders }) => orders),
    webEvents: loads.slice(0, count).flatMap(({ webEvents }) => webEvents),
  })
  expect([first, second, third].every(({ events, orders }) => events.length > 20 && orders.length > 5)).toBe(true)

  await run({ rows: '0.json' })
  await run({})
  await run({ rows: '1.json' })
  const { customerKey } = await read<{ customerKey: string }>('before.json')
  const account: NaiveAccount = {
    timeZone,
    currency: 'EUR',
    customerKey: Buffer.from(customerKey, 'hex'),
    attribution: { windowDays: 5, smsDeliveries: false, opens: false },
    goals: [defaultGoal],
    excludedCampaigns: [],
    measurementDays: {},
  }
  const [old, next] = [naiveFacts(account, upTo(1)), naiveFacts(account, upTo(2))]

  let step = 0
  let switched = false
  for (let killed = true; killed; ) {
    killed = await run({ dieAfter: ++step })
    // What the process before this one left behind.
    const { facts } = await read<{ facts: NaiveFacts }>('before.json')
    switched ||= isDeepStrictEqual(facts, next)
    expect(facts).toEqual(switched ? next : old)
  }
  expect(step).toBeGreaterThan(8)
  expect(switched).toBe(true)
  const after = await read<{ facts: NaiveFacts; loads: string[] }>('after.json')
  expect(after.facts).toEqual(next)
  expect(after.loads).toEqual(['done', 'done'])

  expect(await run({ rows: '2.json', dieLoading: true })).toBe(true)
  await run({ recover: true })
  const recovered = await read<{ facts: NaiveFacts; loads: string[] }>('after.json')
  expect(recovered.facts).toEqual(naiveFacts(account, upTo(3)))
  expect(recovered.loads).toEqual(['done', 'done', 'failed'])
})
