/** The prompt client_invoices: a client's invoices by status. It must never have currencies added. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'client_invoices',
  title: 'List a client’s invoices',
  description: 'Which invoices of a client are open or overdue, with number, due date and total.',
  arguments: {
    organization: { description: 'Client, by name', required: true, complete: 'organization' },
    year: { description: 'Year. Default: all', complete: 'year' },
  },
  tools: ['get_client_invoice_statements'],
  text: ({ organization, year }, tool) => `List the invoices of the client ${organization}.

${steps(`${tool('get_client_invoice_statements')} with organizationId ${organization}${year === undefined ? '' : ` and year ${year}`}: every page, or say how many you left out.`)}

Report overdue ones first, oldest due date first, then open ones, each with number, issued, due, total and currency; then paid and cancelled ones as counts. Give totals by status and currency as the answer has them, never over currencies; amounts as they are written. Do not suggest what to write to the client unless asked.`,
})
