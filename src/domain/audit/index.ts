/** What a call leaves behind and what it may cost: the audit log and the rate budget. */
export { type AuditedCall, insertCalls } from './calls-repository.ts'
export { type AuditEvent, auditEvents, recordEvent } from './events.ts'
export { type AuditRow, deleteOutdated } from './search-repository.ts'
export { auditPageSize, auditQuestion, type AuditService, createAudit, keptFrom } from './service.ts'
export { type AuditLog, createAuditLog } from './log.ts'
export { type CallBudget, createCallBudget } from './budget.ts'
