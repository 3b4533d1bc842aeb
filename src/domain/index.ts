/** What the edge, the catalog and the CLI may use of the domain. */
import type { Principal } from '../core/access.ts'
import type { Stores } from './stores.ts'

export type { Stores } from './stores.ts'

/** The services a tool or a dashboard call gets, bound to its principal. */
export type Services = Record<never, never>

export type BindServices = (principal: Principal) => Services
