/** The record of a draft's proposal, kept beside the entity that the draft is. It changes no entity and no status. */
import type { Principal } from '../../core/access.ts'
import { sha256 } from '../../core/hash.ts'
import { canonicalJson } from '../../core/json.ts'
import type { OperationalTransaction } from '../../storage/operational/schema.ts'
import type { NewRow } from './rows.ts'

/** Days after which a draft that nobody decided on expires. */
export const draftDays = 30

export interface Proposal {
  /** The tool that made it; null: the dashboard. */
  readonly tool: string | null
  /** The words it was made from. */
  readonly description?: string | undefined
  readonly now: Date
}

/** Equal for two drafts that would do the same, whatever they are called. */
export function fingerprintOf({ type, channel, startsAt, endsAt, definition }: Pick<NewRow, 'type' | 'channel' | 'startsAt' | 'endsAt' | 'definition'>): string {
  return sha256(canonicalJson({ type, channel: channel ?? null, startsAt: startsAt?.toISOString() ?? null, endsAt: endsAt?.toISOString() ?? null, definition }))
}

/** Records who proposed the row, by what and until when, in the transaction that makes it. */
export async function insertProposal(transaction: OperationalTransaction, principal: Principal, row: NewRow, { tool, description, now }: Proposal): Promise<void> {
  const { name, startsAt, endsAt, definition } = row
  await transaction
    .insertInto('drafts')
    .values({
      account_id: principal.account.id,
      entity_id: row.id,
      proposed_by: principal.userId,
      client_id: principal.clientId,
      tool,
      description: description ?? null,
      original: JSON.stringify({ name, startsAt: startsAt?.toISOString() ?? null, endsAt: endsAt?.toISOString() ?? null, definition }),
      fingerprint: fingerprintOf(row),
      proposed_at: now,
      expires_at: new Date(now.getTime() + draftDays * 86_400_000),
    })
    .execute()
}

/** The revision and decision as they are now; whoever else edits or decides waits until the transaction ends. */
export async function lockDraft(transaction: OperationalTransaction, accountId: string, id: string) {
  return await transaction.selectFrom('drafts').select(['revision', 'decision']).where('account_id', '=', accountId).where('entity_id', '=', id).forUpdate().executeTakeFirst()
}
