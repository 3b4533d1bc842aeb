/** A whole Mercat as people run it: first and second start, memory with both embedded stores, what an assistant pays for its tools and a report, and how soon each page of the dashboard is there. */
import { type ChildProcess, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { countTokens } from '../src/catalog/tokens.ts'
import { callBody, messageOf, postRpc, textOf } from '../test/app.ts'
import { launchBrowser, signIn } from '../test/browser/chromium.ts'
import { type Visit, visitPages } from '../test/browser/visits.ts'
import { connect, type Person } from '../test/clients/oauth.ts'
import { firstPeople } from '../test/e2e/official.ts'
import { awaitLine, residentMb, root, stop } from './lib/process.ts'
import type { Finding } from './lib/report.ts'

const folder = join(root, 'bench/data/start')

/** @returns the process, its origin, and the seconds until it says that it is ready */
async function start(profile: string | undefined): Promise<{ server: ChildProcess; origin: string; seconds: number }> {
  const began = performance.now()
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=start-${Date.now()}.cpuprofile`] : []
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, MERCAT_DATA_DIR: folder, MERCAT_PORT: '0', MERCAT_LOG_LEVEL: 'warn' }
  const server = spawn(process.execPath, [...flags, join(root, 'src/main.ts'), 'start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] })
  const ready = await awaitLine(server, 'Mercat', 900)
  return { server, origin: /http\S+/.exec(ready)?.[0] ?? '', seconds: (performance.now() - began) / 1000 }
}

/** The slowest pages of the dashboard, each the better of two visits in a browser that has its scripts already. */
async function slowestPages(origin: string, owner: Person): Promise<Finding[]> {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await signIn(page, origin, owner, '/a/demo/connect')
    const best = new Map<string, Visit>()
    for (const _ of [1, 2]) {
      for (const visit of await visitPages(page, origin, 'demo')) {
        if (visit.milliseconds < (best.get(visit.path)?.milliseconds ?? Number.POSITIVE_INFINITY)) best.set(visit.path, visit)
      }
    }
    const slowest = [...best.values()].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 3)
    return slowest.map(({ path, milliseconds }) => ({
      part: 'start',
      what: `dashboard, one of ${best.size} pages: ${path}`,
      value: milliseconds,
      unit: 'ms',
      aim: { atMost: 1500 },
    }))
  } finally {
    await browser.close()
  }
}

export async function benchStart({ profile }: { profile?: string | undefined }): Promise<Finding[]> {
  await rm(folder, { recursive: true, force: true })
  const first = await start(undefined)
  await stop(first.server)
  const second = await start(profile)
  try {
    const person = await firstPeople(folder)
    const idle = residentMb(second.server.pid ?? 0)
    const { tokens } = await connect({ origin: second.origin, resource: `${second.origin}/c/demo`, person: person('analyst') })
    const ask = (body: object) => postRpc(`${second.origin}/c/demo`, body, { authorization: `Bearer ${tokens.access_token}` })
    const list = (await messageOf(await ask({ jsonrpc: '2.0', id: 1, method: 'tools/list' }))).result
    const tools = list?.tools ?? []
    const report = (await messageOf(await ask(callBody('campaign_report', {})))).result
    if (!report?.structuredContent) throw new Error('campaign_report gave no report')
    for (let call = 0; call < 50; call++) await (await ask(callBody('campaign_report', {}))).text()
    const used = residentMb(second.server.pid ?? 0)
    const perTools = await countTokens(JSON.stringify(tools))
    const memory = (what: string, value: number | undefined): Finding[] => (value === undefined ? [] : [{ part: 'start', what, value, unit: 'MB', aim: { atMost: 900 } }])
    return [
      { part: 'start', what: 'first start to ready', value: first.seconds, unit: 's', note: 'with 2 million invented events' },
      { part: 'start', what: 'second start to ready', value: second.seconds, unit: 's', aim: { atMost: 5 } },
      ...memory('resident memory when ready', idle),
      ...memory('resident memory after 50 reports', used),
      {
        part: 'start',
        what: 'tools/list, for 25 tools',
        value: Math.round((perTools / tools.length) * 25),
        unit: 'tokens',
        aim: { atMost: 8000 },
        note: `at the rate of the ${tools.length} that an owner of everything is offered, which take ${perTools}`,
      },
      { part: 'start', what: 'campaign_report, default, text', value: await countTokens(textOf(report)), unit: 'tokens', aim: { atMost: 1500 } },
      { part: 'start', what: 'campaign_report, default, structured', value: await countTokens(JSON.stringify(report.structuredContent)), unit: 'tokens', aim: { atMost: 1500 } },
      ...(await slowestPages(second.origin, person('owner'))),
    ]
  } finally {
    await stop(second.server)
    await rm(folder, { recursive: true, force: true })
  }
}
