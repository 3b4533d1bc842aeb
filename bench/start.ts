/** A whole Mercat as people run it: first and second start, memory with both embedded stores, and what an assistant pays for its tools and a report. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { countTokens } from '../src/catalog/tokens.ts'
import { callBody, messageOf, postRpc, textOf } from '../test/app.ts'
import { connect } from '../test/clients/oauth.ts'
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

export async function benchStart({ profile }: { profile?: string | undefined }): Promise<Finding[]> {
  await rm(folder, { recursive: true, force: true })
  const first = await start(undefined)
  await stop(first.server)
  const second = await start(profile)
  try {
    const idle = residentMb(second.server.pid ?? 0)
    const password = /analyst@example\.com\s+(\S+)/.exec(await readFile(join(folder, 'first-passwords.txt'), 'utf8'))?.[1] ?? ''
    const { tokens } = await connect({ origin: second.origin, resource: `${second.origin}/c/demo`, person: { email: 'analyst@example.com', password } })
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
        what: `tools/list, ${tools.length} tools`,
        value: perTools,
        unit: 'tokens',
        aim: { atMost: 8000 },
        note: `the aim is for 25 tools; at this rate they would take ${Math.round((perTools / tools.length) * 25)}`,
      },
      { part: 'start', what: 'campaign_report, default, text', value: await countTokens(textOf(report)), unit: 'tokens', aim: { atMost: 1500 } },
      { part: 'start', what: 'campaign_report, default, structured', value: await countTokens(JSON.stringify(report.structuredContent)), unit: 'tokens', aim: { atMost: 1500 } },
    ]
  } finally {
    await stop(second.server)
    await rm(folder, { recursive: true, force: true })
  }
}
