/** audience_size of three predicates, one of them on behaviour, over generated customers and what they did: p50 against its aim. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { awaitLine, launch, root } from './lib/process.ts'
import { type Finding, shown } from './lib/report.ts'

/** @param millions of customers, with ten times as many events behind them */
export async function benchAudience(millions: number): Promise<Finding[]> {
  const folder = join(root, 'bench/data/audience')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  try {
    const result = JSON.parse(await awaitLine(launch('audience-child.ts', { args: [folder, String(millions * 1_000_000)] }), 'result', 3600)) as {
      p50: number
      cpu: number
      most: number
      unmerged: number
      audience: number
    }
    const note = `country, consent, opened in the last 30 days: ${shown(result.audience)} of ${millions} M customers, ${millions * 10} M events, 50 calls`
    return [
      { part: 'audience', what: `audience_size p50 at ${millions} M customers`, value: result.p50, unit: 'ms', note, aim: { atMost: 200 } },
      { part: 'audience', what: 'processor time of a call', value: result.cpu, unit: 'ms', note: 'of all cores together' },
      { part: 'audience', what: 'the slowest of those calls', value: result.most, unit: 'ms' },
      { part: 'audience', what: 'p50 after one in a hundred records came again', value: result.unmerged, unit: 'ms', note: 'before the engine has merged them' },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
