/** The explorer on 100,000 entities: a first page, a page far down, a search that finds and one that must forgive. */
import { awaitLine, launch } from './lib/process.ts'
import type { Finding } from './lib/report.ts'

/** Medians in milliseconds. */
interface Measured {
  readonly first: number
  readonly far: number
  readonly found: number
  readonly forgiven: number
}

export async function benchExplorer(): Promise<Finding[]> {
  const { first, far, found, forgiven } = JSON.parse(await awaitLine(launch('explorer-child.ts', { args: [] }), 'result', 600)) as Measured
  const finding = (what: string, value: number, unit: string, more: Pick<Finding, 'aim' | 'note'> = {}): Finding => ({ part: 'explorer', what, value, unit, ...more })
  return [
    finding('list_entities p50, first page of 70,000 campaigns', first, 'ms', { aim: { atMost: 50 } }),
    finding('the 51st page of 200 : the first', far / first, '×', { aim: { atMost: 2 } }),
    finding('search_catalog p50 over 100,000 entities', found, 'ms', { aim: { atMost: 400 } }),
    finding('the same with a typing error', forgiven, 'ms', { aim: { atMost: 1200 } }),
  ]
}
