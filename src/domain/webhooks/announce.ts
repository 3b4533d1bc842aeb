/** Tells the account's endpoints what happened: written with what happened, in one transaction, so that neither is there without the other. Sends nothing itself. */
import type { Clock } from '../../core/clock.ts'
import type { OperationalTransaction } from '../../storage/operational/schema.ts'
import type { AnnouncedEvent } from './events.ts'
import { insertForAll } from './outbox-repository.ts'

export interface Announcement {
  readonly accountId: string
  readonly type: AnnouncedEvent
  /** The `data` of the message: plain JSON, without secrets and without personal data of customers. */
  readonly data: Readonly<Record<string, unknown>>
}

/** Writes one message, and one delivery for each endpoint that is on; sending begins when the transaction is committed. @returns the message's id */
export async function announce(transaction: OperationalTransaction, clock: Clock, announcement: Announcement): Promise<string> {
  return await insertForAll(transaction, { ...announcement, now: clock() })
}
