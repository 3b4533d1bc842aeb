/** What the edge, the catalog and the CLI may use of the domain: services bound to a principal. */
import type { Principal } from '../core/access.ts'
import { createReports, type ReportsService } from './reports/index.ts'
import type { Stores } from './stores.ts'

export type { Stores } from './stores.ts'

/** The services a tool or a dashboard call gets, bound to its principal. */
export interface Services {
  readonly reports: ReportsService
}

export type BindServices = (principal: Principal) => Services

/** All services on these stores. Binding is cheap: it opens and reads nothing. */
export function createServices(stores: Stores): BindServices {
  const reports = createReports(stores)
  return (principal) => ({ reports: reports(principal) })
}
