/** The prompt billing_review: contract, use, fees and invoices of a client, by year. It must never have currencies added. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'billing_review',
  title: 'Review a client’s billing',
  description: 'What a client committed to and used, what was invoiced and what is open, year by year and currency by currency.',
  arguments: {
    organization: { description: 'Client, by name', required: true, complete: 'organization' },
    year: { description: 'Year. Default: this year and the one before', complete: 'year' },
  },
  tools: ['get_client_report', 'get_client_invoice_statements'],
  text: (
    { organization, year },
    tool,
  ) => `Review the billing of the client ${organization}${year === undefined ? ' for this year and the one before' : ` for the year ${year}`}. Pass organizationId ${organization}.

${steps(
  `${tool('get_client_report')}${year === undefined ? ', once for each year' : ` with year ${year}`}: plan, platform fee, committed, used and remaining units, cost of a unit, invoiced and open amounts.`,
  `${tool('get_client_invoice_statements')} for the same ${year === undefined ? 'years' : 'year'}: every page. Number, issued, due, status, total.`,
  'Compare the two: do the statements explain what the report calls invoiced and open? Name each difference with the invoices concerned; cancelled invoices are owed by nobody.',
)}

Report one table per year and currency: committed, used, remaining, invoiced, paid, open, overdue. Then the overdue invoices, oldest first, with number, due date and days overdue as of today, and units above or far below the commitment with the share used and how much of the year has passed.
Take amounts as the answers write them, without rounding. Amounts of different currencies stay in different tables and get no common total, not even an approximate one; years are not added either unless the person asks. A year without a contract is "no contract", not zero. Draw no legal or accounting conclusion.`,
})
