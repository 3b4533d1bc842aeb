/** campaign_report on growing demos with the same campaigns: its latency must follow the campaign-days it shows, not the events ever stored. */
import { join } from 'node:path'
import { awaitLine, launch, root } from './lib/process.ts'
import { type Finding, shown } from './lib/report.ts'

export interface ReportOptions {
  /** Millions of events, ascending. */
  readonly sizes: readonly number[]
  /** Reports measured per size. */
  readonly times: number
  readonly profile?: string | undefined
}

interface Measured {
  readonly events: number
  readonly seeded: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly naive: number
  readonly campaigns: number
}

/** Stores are kept in bench/data and topped up by the next run: only the first one makes them. */
export async function benchReports({ sizes, times, profile }: ReportOptions, say: (text: string) => void): Promise<Finding[]> {
  const findings: Finding[] = []
  const measured: Measured[] = []
  for (const size of sizes) {
    const folder = join(root, 'bench/data', `demo-${size}m`)
    const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=reports-${size}m.cpuprofile`] : []
    const result = JSON.parse(await awaitLine(launch('reports-child.ts', { args: [folder, String(size * 1_000_000), String(times)], flags }), 'result', 3 * 3600)) as Measured
    say(`  ${size} M: report ${shown(result.p50)} ms, raw rows ${shown(result.naive)} ms`)
    measured.push(result)
    if (result.seeded > size * 500_000)
      findings.push({
        part: 'reports',
        what: `making ${size} M events`,
        value: result.seeded / result.seconds,
        unit: 'events/s',
        note: `${shown(result.seconds)} s, facts included`,
      })
    findings.push(
      {
        part: 'reports',
        what: `campaign_report p50 at ${size} M`,
        value: result.p50,
        unit: 'ms',
        note: `${shown(result.events)} events, ${result.campaigns} campaigns, last 90 days, ${times} calls`,
      },
      { part: 'reports', what: `same figures from raw rows at ${size} M`, value: result.naive, unit: 'ms', note: 'one exact statement, results equal' },
    )
  }
  const [smallest, largest] = [measured[0], measured.at(-1)]
  if (smallest && largest && measured.length > 1) {
    const [least, most] = [sizes[0], sizes.at(-1)]
    findings.push({ part: 'reports', what: `p50 at ${most} M : at ${least} M`, value: largest.p50 / smallest.p50, unit: '×', aim: { atMost: 2 } })
  }
  if (largest) findings.push({ part: 'reports', what: `raw rows : campaign_report at ${sizes.at(-1)} M`, value: largest.naive / largest.p50, unit: '×', aim: { atLeast: 50 } })
  return findings
}
