/** What an account has in the operational store, found by the schema rather than by a list that could be forgotten; counted and deleted. */
import { sql } from 'kysely'
import { leaveGrants } from '../accounts/index.ts'
import { countRequests, deleteRequests } from '../../storage/operational/jobs-tables.ts'
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'

/** Rows by table. */
export type Counts = Readonly<Record<string, number>>

/** Throws when something is left. */
export function assertEmpty(counts: Counts, store: string): void {
  const full = Object.entries(counts).filter(([, rows]) => rows > 0)
  if (full.length > 0) throw new Error(`Rows of the account are left in ${full.map(([table, rows]) => `${table} (${rows})`).join(', ')} of the ${store} store: run this again`)
}

/** Tables that say by `account_id` whose their rows are. */
async function accountTables(db: DbOrTransaction): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT c.table_name AS name FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
    WHERE c.table_schema = current_schema() AND c.column_name = 'account_id' ORDER BY name`.execute(db)
  return rows.map(({ name }) => name)
}

/** Grants that are for this account. */
const grantsOf = (accountId: string) => sql`model = 'Grant' AND payload->'accounts' ? ${accountId}`
/** People who belong to this account and no other; platform operators belong to none. */
const onlyHere = (accountId: string) => sql`
  SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
  WHERE m.account_id = ${accountId} AND NOT u.is_super_admin AND NOT EXISTS (SELECT FROM memberships o WHERE o.user_id = m.user_id AND o.account_id <> m.account_id)`
/** Limits are counted under `<limit>:<account>` and `<limit>:<account>:<person>`. */
const limitsOf = (accountId: string) => sql`${accountId} = ANY (string_to_array(key, ':'))`

/** Everything of the account but its own row. `people`, `grants` and the like are rows of tables that hold others' too. */
export async function countRows(db: DbOrTransaction, accountId: string): Promise<Counts> {
  const count = async (from: ReturnType<typeof sql>) => (await sql<{ n: number }>`SELECT count(*) AS n FROM ${from}`.execute(db)).rows[0]?.n ?? 0
  const counts: Record<string, number> = {}
  for (const table of await accountTables(db)) counts[table] = await count(sql`${sql.table(table)} WHERE account_id = ${accountId}`)
  counts['people (only of this account)'] = await count(sql`(${onlyHere(accountId)}) AS only_here`)
  counts['grants of apps'] = await count(sql`oauth_records WHERE ${grantsOf(accountId)}`)
  counts['rate limits'] = await count(sql`rate_limits WHERE ${limitsOf(accountId)}`)
  counts['work that waits'] = await countRequests(db, accountId)
  return counts
}

/** From now on no call is answered and no load begins. */
export async function markLeaving(db: Db, accountId: string, now: Date): Promise<void> {
  await db
    .updateTable('accounts')
    .set(({ fn, val }) => ({ mcp_enabled: false, leaving_at: fn.coalesce('leaving_at', val(now)) }))
    .where('id', '=', accountId)
    .execute()
}

/**
 * Ends who has access: grants that are for this account alone with all their tokens, the account's part in the others, people who belong nowhere else,
 * memberships and invitations.
 * @returns whom and what other processes must forget
 */
export async function deleteAccess(db: Db, accountId: string): Promise<{ grants: string[]; people: string[] }> {
  return await db.transaction().execute(async (transaction) => {
    const grants = await leaveGrants(transaction, accountId)
    const { rows: people } = await sql<{ user_id: string }>`${onlyHere(accountId)} FOR UPDATE OF u`.execute(transaction)
    const ids = people.map(({ user_id }) => user_id)
    if (ids.length > 0) {
      await transaction.deleteFrom('oauth_records').where('user_id', 'in', ids).execute()
      await transaction.deleteFrom('users').where('id', 'in', ids).execute()
    }
    await transaction.deleteFrom('memberships').where('account_id', '=', accountId).execute()
    await transaction.deleteFrom('links').where('account_id', '=', accountId).execute()
    return { grants, people: ids }
  })
}

/**
 * Deletes what is left of the account, its own row last, or nothing at all: throws when rows of it would stay.
 * @returns what is left: zeros
 */
export async function deleteAccount(db: Db, accountId: string): Promise<Counts> {
  return await db.transaction().execute(async (transaction) => {
    // Takes most tables along by their foreign keys.
    await transaction.deleteFrom('accounts').where('id', '=', accountId).execute()
    for (const table of await accountTables(transaction)) await sql`DELETE FROM ${sql.table(table)} WHERE account_id = ${accountId}`.execute(transaction)
    await sql`DELETE FROM rate_limits WHERE ${limitsOf(accountId)}`.execute(transaction)
    await deleteRequests(transaction, accountId)
    const left = await countRows(transaction, accountId)
    assertEmpty(left, 'operational')
    return left
  })
}
