/** kill -9 of a real importing process, 20 times at different moments: after the last run the figures are those of an undisturbed import. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compiled } from '../child.ts'

let folder: string
let files: string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-kill-'))
  await mkdir(join(folder, 'tmp'))
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString()
  const events = Array.from({ length: 250_000 }, (_, index) => {
    const message = Math.floor(index / 2)
    const clicked = index % 2 === 1
    // Every tenth of the sent messages is there twice, in another place of the file.
    return `c${message % 7},m${index % 20 === 0 ? message + 1 : message},p${message % 5000},Email,${clicked ? 'clicked' : 'sent'},${at(message * 20 + (clicked ? 5 : 0))}`
  })
  const orders = Array.from({ length: 20_000 }, (_, index) =>
    JSON.stringify({ order_id: `o${index}`, customer_id: `p${index % 5000}`, placed_at: at(index * 100), status: 'paid', amount: `${index}.01`, currency: 'EUR' }),
  )
  const visits = Array.from({ length: 20_000 }, (_, index) => `p${index % 5000},visit,${at(index * 90)}`)
  files = ['events.csv', 'orders.ndjson', 'visits.csv'].map((name) => join(folder, name))
  await writeFile(files[0] ?? '', `campaign_id,message_id,customer_id,channel,event,occurred_at\n${events.join('\n')}\n`)
  await writeFile(files[1] ?? '', `${orders.join('\n')}\n`)
  await writeFile(files[2] ?? '', `customer_id,kind,occurred_at\n${visits.join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Run {
  readonly said: Map<string, unknown>
  /** Steps told on stdout, and files that came and went in the process's own temporary folder. */
  readonly steps: number
  readonly touches: number
  readonly killed: boolean
}

/** Imports into `data`; kills the process when it has told so many steps, or touched so many files. */
async function run(data: string, kill: { step?: number; touch?: number } = {}): Promise<Run> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'importer.ts'), join(folder, data), ...files], {
    env: { PATH: process.env.PATH, TMPDIR: join(folder, 'tmp'), ...compiled },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const said = new Map<string, unknown>()
  let steps = 0
  let touches = 0
  let killed = false
  const end = () => {
    killed = true
    child.kill('SIGKILL')
  }
  const watcher = watch(join(folder, 'tmp'), { recursive: true }, () => {
    if (++touches === kill.touch) end()
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const space = line.indexOf(' ')
    if (killed) continue
    said.set(line.slice(0, space), JSON.parse(line.slice(space + 1)))
    if (line.startsWith('step ') && ++steps === kill.step) end()
  }
  await closed
  watcher.close()
  if (!killed && child.exitCode !== 0) throw new Error(`The importer failed: ${errors}`)
  return { said, steps, touches, killed }
}

it('survives 20 kills', { timeout: 900_000 }, async () => {
  const undisturbed = await run('undisturbed')
  const expected = undisturbed.said.get('figures')
  expect(undisturbed.said.get('result')).toEqual([
    { read: 250_000, accepted: { events: 250_000 }, rejected: {} },
    { read: 20_000, accepted: { orders: 20_000 }, rejected: {} },
    { read: 20_000, accepted: { web_events: 20_000 }, rejected: {} },
  ])
  let kills = 0
  for (let attempt = 0; kills < 20; attempt++) {
    const share = ((attempt * 7) % 20) + 1
    const { killed } = await run(
      'killed',
      attempt % 2 ? { step: Math.ceil((undisturbed.steps * share) / 20) } : { touch: Math.max(1, Math.floor((undisturbed.touches * share) / 20)) },
    )
    // A later run may have fewer steps; then it ends well, which changes nothing either.
    if (killed) kills++
    expect(attempt).toBeLessThan(60)
  }
  const last = await run('killed')
  expect(last.said.get('figures')).toEqual(expected)
  // Raw rows of the killed runs are gone too.
  expect(await readdir(join(folder, 'tmp'))).toEqual([])
})
