/** Billing as the rest of the house uses it. */
import type { Principal } from '../../core/access.ts'
import type { z } from 'zod'
import type { Stores } from '../stores.ts'
import { type ClientReport, clientReport, type clientReportInput } from './client-report.ts'
import { type Statements, statements, type statementsInput } from './statements.ts'

export { clientReportInput, clientReportOutput, clientReportText, type ClientReport } from './client-report.ts'
export { cutStatements, statementsInput, statementsOutput, statementsText, type Statements } from './statements.ts'

/** Both throw `organization_not_found`, `missing_scopes` and `not_allowed`. */
export interface BillingService {
  readonly statements: (input: z.output<typeof statementsInput>) => Promise<Statements>
  readonly clientReport: (input: z.output<typeof clientReportInput>) => Promise<ClientReport>
}

export function createBilling(stores: Stores): (principal: Principal) => BillingService {
  return (principal) => ({
    statements: async (input) => await statements(stores, principal, input),
    clientReport: async (input) => await clientReport(stores, principal, input),
  })
}
