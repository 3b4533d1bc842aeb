/** Reports as the rest of the house uses them. */
export { definitionsOutput, overviewOutput, reportOutput, type Definitions, type Overview, type Passport, type Report } from './answer.ts'
export { accountOverviewInput, campaignReportInput, flowReportInput, metricDefinitionsInput } from './arguments.ts'
export { cutReport } from './cut.ts'
export { parsePeriod } from './period.ts'
export { createReports, type ReportsService } from './service.ts'
export { definitionsText, overviewText, reportText } from './text.ts'
