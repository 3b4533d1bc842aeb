/** `npm run bench`: measures, prints a table of values and ratios against their aims, and writes the same as JSON to bench/results. docs/benchmarks.md explains it. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchAudience } from './audience.ts'
import { benchCalls } from './calls.ts'
import { benchExplorer } from './explorer.ts'
import { benchImport } from './import.ts'
import { benchKnowledge } from './knowledge.ts'
import { root } from './lib/process.ts'
import { benchLimits } from './limits.ts'
import { type Finding, tableOf, verdict } from './lib/report.ts'
import { benchReports } from './reports.ts'
import { benchStart } from './start.ts'
import { benchStream } from './stream.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string' },
    seconds: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    events: { type: 'string', default: '2000000' },
    customers: { type: 'string', default: '1' },
    soak: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
})
// 100 million events take a while to make: by default only where an earlier run has made them.
const sizes = (values.sizes ?? (existsSync(join(root, 'bench/data/demo-100m')) ? '1,10,100' : '1,10')).split(',').map(Number)
const results = join(root, 'bench/results')
await mkdir(results, { recursive: true })
const profile = values.profile ? results : undefined
const say = (text: string) => console.error(text)

const parts: Record<string, () => Promise<Finding[]>> = {
  calls: () => benchCalls({ seconds: Number(values.seconds ?? 6), rounds: Number(values.rounds), connections: 32, profile }, say),
  reports: () => benchReports({ sizes, times: 50, profile }, say),
  import: () => benchImport({ events: Number(values.events), rounds: 3, profile }),
  start: () => benchStart({ profile }),
  knowledge: () => benchKnowledge({ profile }, say),
  limits: benchLimits,
  audience: () => benchAudience(Number(values.customers)),
  explorer: benchExplorer,
  stream: () => benchStream({ seconds: Number(values.seconds ?? 20), soak: values.soak === undefined ? undefined : Number(values.soak), profile }, say),
}
const chosen = positionals.length ? positionals : Object.keys(parts)
const unknown = chosen.filter((part) => !parts[part])
if (unknown.length || [...sizes, Number(values.soak ?? 1)].some((size) => !(size > 0))) {
  console.error(
    `npm run bench -- [${Object.keys(parts).join('] [')}] [--sizes 1,10,100] [--seconds 6] [--rounds 5] [--events 2000000] [--customers 1] [--soak 10000000] [--profile]`,
  )
  process.exit(2)
}
const findings: Finding[] = []
for (const part of chosen) {
  say(`${part} …`)
  findings.push(...((await parts[part]?.()) ?? []))
}
const file = join(results, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`)
const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, memoryGb: Math.round(totalmem() / 1024 ** 3) }
await writeFile(file, `${JSON.stringify({ at: new Date().toISOString(), machine, findings: findings.map((finding) => ({ ...finding, verdict: verdict(finding) })) }, null, 2)}\n`)
console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}\n\n${tableOf(findings)}`)
