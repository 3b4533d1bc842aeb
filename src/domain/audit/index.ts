/** What a call leaves behind and what it may cost: the audit log and the rate budget. */
export type { AuditedCall } from './calls-repository.ts'
export { type AuditedEvent, type AuditEvent, auditEvents, recordEvent } from './events.ts'
export { type AuditEffect, type AuditFilter, type AuditRow, deleteCallsBefore, findCallDetails, findCalls } from './search-repository.ts'
export { type AuditPage, type AuditQuestion, auditQuestion, type AuditService, createAudit, everyCall, filterOf, lineOf, mostPerPage } from './service.ts'
export { type AuditLog, createAuditLog } from './log.ts'
export { type CallBudget, createCallBudget } from './budget.ts'
