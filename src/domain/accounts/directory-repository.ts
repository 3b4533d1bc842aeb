/** Memberships that groups of the external provider give: made, changed and taken away at a sign-in. Memberships made by hand and owners are never touched. */
import type { Transaction } from 'kysely'
import { type Role, roles } from '../../core/access.ts'
import type { Clock } from '../../core/clock.ts'
import type { OperationalSchema } from '../../storage/operational/schema.ts'
import { recordEvent } from '../audit/index.ts'
import { leaveGrants } from './grants-repository.ts'

/** What a group gives: a role in an account. Never owner: people are made owners by people. */
export interface DirectoryMembership {
  /** Its system name. */
  readonly account: string
  readonly role: Exclude<Role, 'owner'>
}

export interface DirectoryChanges {
  /** The accounts whose members changed: whoever commits announces each. */
  readonly accountIds: readonly string[]
  /** System names that no account has. */
  readonly unknown: readonly string[]
}

/** Of several roles in one account the strongest holds: the order of core/access.ts, owner first. */
function strongest(given: readonly DirectoryMembership[]): Map<string, DirectoryMembership['role']> {
  const found = new Map<string, DirectoryMembership['role']>()
  for (const { account, role } of given) {
    const before = found.get(account)
    if (before === undefined || roles.indexOf(role) < roles.indexOf(before)) found.set(account, role)
  }
  return found
}

/** Which of these accounts exist: system name → id. */
export async function existingAccounts(transaction: Transaction<OperationalSchema>, systemNames: readonly string[]): Promise<Map<string, string>> {
  if (systemNames.length === 0) return new Map()
  const rows = await transaction.selectFrom('accounts').select(['id', 'system_name']).where('system_name', 'in', systemNames).execute()
  return new Map(rows.map((row) => [row.system_name, row.id]))
}

/** Makes the person's memberships of source `directory` those that their groups give now, and writes each change into the account's audit log. */
export async function syncDirectory(
  transaction: Transaction<OperationalSchema>,
  clock: Clock,
  user: { readonly id: string; readonly email: string },
  given: readonly DirectoryMembership[],
): Promise<DirectoryChanges> {
  const wanted = strongest(given)
  const accounts = await existingAccounts(transaction, [...wanted.keys()])
  // Two sign-ins of one person at once come one after the other.
  await transaction.selectFrom('users').select('id').where('id', '=', user.id).forNoKeyUpdate().execute()
  const before = await transaction
    .selectFrom('memberships')
    .select(['account_id', 'role'])
    .where('user_id', '=', user.id)
    .where('source', '=', 'directory')
    .where('role', '!=', 'owner')
    .execute()
  const changed: string[] = []
  const note = async (accountId: string, event: 'member.joined' | 'member.changed' | 'member.removed', detail: object) => {
    changed.push(accountId)
    // The person joins by signing in; what is changed or taken away is nobody's deed here.
    const userId = event === 'member.joined' ? user.id : null
    await recordEvent(transaction, clock, { accountId, event, userId, clientId: null, detail: { person: user.id, email: user.email, source: 'directory', ...detail } })
  }
  for (const [systemName, role] of wanted) {
    const accountId = accounts.get(systemName)
    if (accountId === undefined) continue
    const there = before.find(({ account_id }) => account_id === accountId)
    if (there?.role === role) continue
    if (there) {
      const row = await directoryMembership(transaction, user.id, accountId).set({ role }).returning('user_id').executeTakeFirst()
      if (row) await note(accountId, 'member.changed', { changes: { role: { from: there.role, to: role } } })
    } else {
      const row = await transaction
        .insertInto('memberships')
        .values({ account_id: accountId, user_id: user.id, role, source: 'directory' })
        .onConflict((conflict) => conflict.columns(['account_id', 'user_id']).doNothing())
        .returning('user_id')
        .executeTakeFirst()
      if (row) await note(accountId, 'member.joined', { role })
    }
  }
  const kept = new Set([...wanted.keys()].map((systemName) => accounts.get(systemName)))
  for (const { account_id: accountId, role } of before) {
    if (kept.has(accountId)) continue
    const row = await transaction
      .deleteFrom('memberships')
      .where('user_id', '=', user.id)
      .where('account_id', '=', accountId)
      .where('source', '=', 'directory')
      .where('role', '!=', 'owner')
      .returning('user_id')
      .executeTakeFirst()
    if (!row) continue
    await leaveGrants(transaction, accountId, { userId: user.id })
    await note(accountId, 'member.removed', { role })
  }
  return { accountIds: changed, unknown: [...wanted.keys()].filter((systemName) => !accounts.has(systemName)) }
}

/** Somebody may just be making this member an owner by hand: then it stays theirs to decide. */
function directoryMembership(transaction: Transaction<OperationalSchema>, userId: string, accountId: string) {
  return transaction.updateTable('memberships').where('user_id', '=', userId).where('account_id', '=', accountId).where('source', '=', 'directory').where('role', '!=', 'owner')
}
