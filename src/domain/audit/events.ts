/** The events of people and permissions, and what people decide, that stand in an account's audit log beside tool calls, and how they are written. */
import type { Clock } from '../../core/clock.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { insertCalls } from './calls-repository.ts'

/** Every event, with the words the audit page shows. */
export const auditEvents = {
  'app.connected': 'Connected an app',
  'app.disconnected': 'Disconnected an app',
  'app.deleted': 'An app deleted its registration',
  'token.reused': 'A used refresh token came back: the connection was ended',
  'account.created': 'Made the account',
  'member.added': 'Added a person',
  'member.invited': 'Invited a person',
  'member.joined': 'Joined the account',
  'member.changed': 'Changed a member',
  'member.removed': 'Removed a member',
  'invitation.withdrawn': 'Withdrew an invitation',
  'settings.changed': 'Changed settings',
  'mcp.enabled': 'Turned MCP on',
  'mcp.disabled': 'Turned MCP off',
  'draft.proposed': 'Proposed a draft',
  'draft.edited': 'Edited a draft',
  'draft.approved': 'Approved a draft',
  'draft.rejected': 'Rejected a draft',
  'draft.expired': 'A draft expired: nobody decided on it',
  'entity.changed': 'Changed the status of what was approved here',
  'entity.started': 'Started what was scheduled',
  'webhook.added': 'Added a webhook endpoint',
  'webhook.rotated': 'Gave a webhook endpoint a new secret',
  'webhook.turned_on': 'Turned a webhook endpoint on',
  'webhook.turned_off': 'Turned a webhook endpoint off',
  'webhook.removed': 'Removed a webhook endpoint',
  'webhook.tested': 'Sent a test to a webhook endpoint',
  'webhook.replayed': 'Sent a failed webhook again',
  'webhook.gone': 'A webhook endpoint said it is gone: it was turned off',
  'source.added': 'Added a source of data',
  'source.changed': 'Changed the settings of a source',
  'source.renamed': 'Renamed a source',
  'source.rotated': 'Gave a source a new key',
  'source.turned_on': 'Turned a source on',
  'source.turned_off': 'Turned a source off',
  'source.removed': 'Removed a source',
  'source.replayed': 'Sent set-aside items of a source in again',
  'source.discarded': 'Discarded set-aside items of a source',
  'audit.exported': 'Exported the audit log',
  'password.changed': 'Changed their password',
  'password.reset': 'Set a new password by a link',
  'authenticator.added': 'Added an authenticator app',
  'authenticator.removed': 'Removed their authenticator app',
  'recovery_codes.renewed': 'Made new recovery codes',
  'recovery_code.used': 'Signed in with a recovery code',
  'passkey.added': 'Added a passkey',
  'passkey.removed': 'Removed a passkey',
  'sessions.ended': 'Signed out everywhere',
} as const satisfies Record<string, string>
export type AuditEvent = keyof typeof auditEvents

export interface AuditedEvent {
  readonly accountId: string
  readonly event: AuditEvent
  /** Who did it; null: an operator at the command line, or the server itself. */
  readonly userId: string | null
  /** The OAuth client, `dashboard` or `cli`. */
  readonly clientId: string | null
  /** What it was about: ids, roles, setting names. Never a secret, never a link. */
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Writes an event before it returns, in the caller's transaction if it has one. */
export async function recordEvent(db: DbOrTransaction, clock: Clock, { accountId, event, userId, clientId, detail }: AuditedEvent): Promise<void> {
  await insertCalls(db, [{ accountId, at: clock(), userId, clientId, tool: event, effect: 'access', outcome: 'ok', ms: 0, rows: null, tokens: null, input: detail, result: null }])
}
