/** What a person changes of how they sign in, in the audit log of every account where they may act. Judges nothing. */
import type { Clock } from '../../core/clock.ts'
import { listAccess } from '../../domain/accounts/index.ts'
import { type AuditEvent, recordEvent } from '../../domain/audit/index.ts'
import type { Db } from '../../storage/operational/schema.ts'

export async function recordForPerson(db: Db, clock: Clock, userId: string, event: AuditEvent): Promise<void> {
  for (const { account } of await listAccess(db, userId)) await recordEvent(db, clock, { accountId: account.id, event, userId, clientId: 'dashboard' })
}
