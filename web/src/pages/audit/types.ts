/** The words of the audit page: the API's answers by name. */
import type { Input, Output } from '../../server.ts'

export type AuditPageOf = Output<'audit', 'search'>
export type AuditEntry = AuditPageOf['entries'][number]
export type AuditQuestion = Omit<Input<'audit', 'search'>, 'account' | 'cursor' | 'limit'>
