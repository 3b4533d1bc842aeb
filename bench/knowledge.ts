/** search_docs on SciFact: how well it ranks, how fast it answers and how long an index takes, at 5,000 documents and at all 5,183. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { awaitLine, launch, root } from './lib/process.ts'
import type { Finding } from './lib/report.ts'

export interface KnowledgeOptions {
  readonly profile?: string | undefined
}

interface Measured {
  readonly documents: number
  /** Seconds: adding the files, and making the index at the first question. */
  readonly adding: number
  readonly building: number
  /** Milliseconds of a question, its service call whole. */
  readonly p50: number
  readonly p95: number
  /** The longest time in which the process did nothing else while the index was made, in milliseconds. */
  readonly blocked: number
  readonly ndcg: number
}

const data = join(root, '../shared/data/scifact')

export async function benchKnowledge({ profile }: KnowledgeOptions, say: (text: string) => void): Promise<Finding[]> {
  if (!existsSync(data)) {
    say('  SKIPPED: ../shared/data/scifact is absent')
    return []
  }
  const findings: Finding[] = []
  for (const documents of [5000, 5183]) {
    const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=knowledge-${documents}.cpuprofile`] : []
    const result = JSON.parse(await awaitLine(launch('knowledge-child.ts', { args: [data, String(documents)], flags }), 'result', 600)) as Measured
    const finding = (what: string, value: number, unit: string, more: Pick<Finding, 'aim' | 'note'> = {}): Finding => ({
      part: 'knowledge',
      what: `${what} at ${documents.toLocaleString('en')} documents`,
      value,
      unit,
      ...more,
    })
    findings.push(
      finding('search_docs p95', result.p95, 'ms', { aim: { atMost: 20 }, note: `p50 ${result.p50.toFixed(1)} ms, 300 questions, 10 passages each` }),
      finding('index made', result.building, 's', {
        aim: { atMost: 10 },
        note: `at most ${result.blocked.toFixed(0)} ms without a pause; the files were added in ${result.adding.toFixed(1)} s`,
      }),
    )
    // The judgements are of the whole collection.
    if (documents === 5183) findings.push(finding('nDCG@10', result.ndcg, '', { aim: { atLeast: 0.69 }, note: '300 claims; Lucene’s BM25 0.679' }))
  }
  return findings
}
