/** Outgoing webhooks as the rest of the house uses them. */
import type { Clock } from '../../core/clock.ts'
import type { OperationalTransaction } from '../../storage/operational/schema.ts'
export type WebhookType =
  | 'draft.approved'
  | 'draft.rejected'
  | 'draft.expired'
  | 'entity.scheduled'
  | 'entity.activated'
  | 'entity.paused'
  | 'entity.resumed'
  | 'entity.stopped'
  | 'entity.completed'
  | 'entity.archived'
  | 'entity.taken_back'
export async function announce(
  _transaction: OperationalTransaction,
  _clock: Clock,
  _what: { accountId: string; type: WebhookType; data: Record<string, unknown> },
): Promise<void> {}
