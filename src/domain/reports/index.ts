/** Reports as the rest of the house uses them. */
export {
  channelOutput,
  definitionsOutput,
  healthOutput,
  overviewOutput,
  reportOutput,
  type ChannelReport,
  type Definitions,
  type EmailHealth,
  type Overview,
  type Passport,
  type Report,
  type ReportChoices,
} from './answer.ts'
export { accountOverviewInput, campaignReportInput, channelReportInput, emailHealthInput, flowReportInput, metricDefinitionsInput } from './arguments.ts'
export { cutReport } from './cut.ts'
export { type Amount, amountsOf, type CampaignOrders, type OptIn, type OrderCounts, type OrderFigures, type OrdersQuestion } from './orders.ts'
export { createReports, type ReportsService } from './service.ts'
export { healthText } from './health-text.ts'
export { channelText, definitionsText, overviewText, reportText } from './text.ts'
