/** How many rows of facts a report would read, from the plans of its statements. Runs no report. */
import { rowsToRead, type Read } from '../../storage/analytics/estimate.ts'
import type { Analytics } from '../../storage/analytics/run.ts'
import { accountOrders, messageRows, messageTimeline, orderRows, orderTimeline } from './compile.ts'
import type { Plan } from './plan.ts'

/** The newest facts: an estimate needs no snapshot of its own. */
const newest = Number.MAX_SAFE_INTEGER

/** @param planOf asked for only when there is much to read @param placed whether the orders of the whole account are read too */
export async function reportCost(analytics: Analytics, accountId: string, planOf: () => Promise<Plan>, placed: boolean, signal: AbortSignal | undefined): Promise<number> {
  return await rowsToRead(analytics, accountId, ['message_facts', 'order_facts'], async () => readsOf(await planOf(), placed), signal)
}

function readsOf(plan: Plan, placed: boolean): Read[] {
  const { timeline: unit, mode } = plan
  const totals: Read[] = [
    { table: 'message_facts', ...messageRows(plan, newest) },
    { table: 'order_facts', ...orderRows(plan, newest) },
  ]
  return [
    ...totals,
    // Variants are read by the campaigns of the page, which are not known yet: at most all of them.
    ...(mode === 'full' ? totals : []),
    ...(unit
      ? [
          { table: 'message_facts', ...messageTimeline(plan, unit, newest) },
          { table: 'order_facts', ...orderTimeline(plan, unit, newest) },
        ]
      : []),
    ...(placed ? [{ table: 'order_facts', ...accountOrders(plan, newest) }] : []),
  ]
}
