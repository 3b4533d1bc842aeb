/** The prompt client_health_check: how one client is doing, from set-up to bills. It must leave the judgement's reasons visible. */
import { definePrompt, endDate, period, startDate, steps } from './define.ts'

export default definePrompt({
  name: 'client_health_check',
  title: 'Check on a client',
  description: 'How one client is doing: set-up, campaigns, what they bring, opt-ins, and what is used of the contract.',
  arguments: {
    organization: { description: 'Client, by name', required: true, complete: 'organization' },
    startDate,
    endDate,
  },
  tools: [
    'get_organization_onboarding_status',
    'list_organization_campaigns',
    'get_organization_campaign_performance',
    'get_organization_campaign_optin_breakdown',
    'get_client_report',
  ],
  text: (
    { organization, startDate, endDate },
    tool,
  ) => `Check how the client ${organization} is doing. Pass organizationId ${organization} to each tool; when it is not found, offer the nearest names and ask.
Period for the figures: ${period(startDate, endDate, 'leave startDate and endDate out at first, and report the period that the answers name')}. Use the same period throughout.

${steps(
  `${tool('get_organization_onboarding_status')}: which steps are open, since when, and whose they are. An open step can explain everything that follows.`,
  `${tool('list_organization_campaigns')}: what runs, what is paused or ended, what is ready and not switched on.`,
  `${tool('get_organization_campaign_performance')}: orders, revenue by currency, deliveries and clicks by campaign. Name the best and the worst with their counts; a ratio on a small base is no finding.`,
  `${tool('get_organization_campaign_optin_breakdown')}: opt-ins given of those asked for, each with both counts.`,
  `${tool('get_client_report')} for the year in which the period ends: committed, used and remaining units, and what is open. Each currency by itself.`,
)}

Report on one page: first a verdict in one sentence (well, watch or act), then what supports it, each point with its figure and period; then at most three things to do, most urgent first, each with who does it. Say which parts you could not see, and do not guess why a figure moved: offer what would have to be checked.`,
})
