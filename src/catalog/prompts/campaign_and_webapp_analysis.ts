/** The prompt campaign_and_webapp_analysis: from visit to order of a client's campaigns. It must keep the sources of the figures apart. */
import { definePrompt, endDate, period, startDate, steps } from './define.ts'

export default definePrompt({
  name: 'campaign_and_webapp_analysis',
  title: 'Analyse campaigns and webapps',
  description: 'How a client’s campaigns perform, day by day, and where visitors of its webapps are lost on the way to an order.',
  arguments: {
    organization: { description: 'Client, by name', required: true, complete: 'organization' },
    campaign: { description: 'One campaign. Default: all of the client', complete: 'campaign' },
    webapp: { description: 'One webapp. Default: all of the client', complete: 'webapp' },
    startDate,
    endDate,
  },
  tools: [
    'get_organization_campaign_performance',
    'get_campaign_daily_order_count',
    'list_organization_webapps',
    'get_webapp_google_analytics_report',
    'get_organization_campaign_optin_breakdown',
  ],
  text: (
    { organization, campaign, webapp, startDate, endDate },
    tool,
  ) => `Analyse ${campaign === undefined ? 'the campaigns' : `the campaign ${campaign}`} and ${webapp === undefined ? 'the webapps' : `the webapp ${webapp}`} of the client ${organization}. Pass organizationId ${organization} where a tool takes it.
Period: ${period(startDate, endDate, 'the last 30 complete days, as startDate and endDate')}. Use the same one for every tool.

${steps(
  `${tool('get_organization_campaign_performance')}: orders, revenue by currency, deliveries and clicks ${campaign === undefined ? 'of every campaign' : 'of the campaign, beside the others'}, by country and product where they differ.${campaign === undefined ? ' Go on with the three that matter most, and say how you chose them.' : ''}`,
  `${tool('get_campaign_daily_order_count')} with campaignId ${campaign ?? 'of each of those'}: the course of it. Name peaks, breaks and days without orders; do not take weekends for trouble, nor days that are not yet complete for a fall.`,
  `${tool('list_organization_webapps')}${webapp === undefined ? ': which webapp belongs to which campaign' : `: find ${webapp} and what it belongs to`}.`,
  `${tool('get_webapp_google_analytics_report')} with webappId and funnelType closed, which follows visitors who began at the first step; then open, which counts whoever reached each step. Name the step where most are lost, with both counts. Compare closed only with closed.`,
  `${tool('get_organization_campaign_optin_breakdown')}: opt-ins given of those asked for, with both counts.`,
)}

Report first the finding that matters most, then the table of campaigns, the course by day, the funnel step by step (count, share of the step before, share of the first) and opt-ins. Say of each which source it has: orders are the platform’s, visits are Mercat’s own events or Google Analytics, and the two never match to the unit, so do not divide one by the other. Close with two or three things to try, each tied to a figure above and to how one would see that it worked.`,
})
