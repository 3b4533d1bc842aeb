/** The tool get_client_invoice_statements. It must not compute anything. */
import { cutStatements, statementsInput, statementsOutput, statementsText } from '../../../domain/billing/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_client_invoice_statements',
  title: 'Get client invoice statements',
  effect: 'read',
  scope: 'read:billing',
  description: 'Invoices of an organization with lines, days and status, and totals by currency of all that match.',
  input: statementsInput,
  output: statementsOutput,
  run: ({ input, ctx }) => ctx.billing.statements(input),
  render: statementsText,
  list: { count: ({ invoices }) => invoices.length, cut: cutStatements },
})
