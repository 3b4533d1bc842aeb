/** The grants of apps as rows: who let which app into which accounts, and taking that away. Knows neither permission nor page. */
import { sql } from 'kysely'
import type { Clock } from '../core/clock.ts'
import { announceAccessChange, leaveGrants } from '../domain/accounts/index.ts'
import type { Db } from '../storage/operational/schema.ts'
import type { Secrets } from './secrets.ts'

export interface GrantRow {
  readonly id: string
  readonly clientId: string
  readonly user: { readonly id: string; readonly name: string; readonly email: string }
  /** Accounts that still exist. */
  readonly accounts: readonly { readonly id: string; readonly systemName: string }[]
  /** What was consented to, per resource. */
  readonly scopes: readonly string[]
  readonly connectedAt: Date
  readonly lastUsedAt: Date | null
  readonly expiresAt: Date
}

export interface Grants {
  /** Live grants for an account, newest first: all, or only a person's, or only the one of this id. */
  readonly list: (accountId: string, only?: { userId?: string | undefined; id?: string }) => Promise<readonly GrantRow[]>
  /** Takes one account out of a grant; a grant without accounts ends. @returns whether the grant was for that account */
  readonly removeAccount: (grantId: string, accountId: string) => Promise<boolean>
  /** Notes that a grant is in use. */
  readonly touch: (grantId: string, now: Date) => Promise<void>
}

/** More than these are not shown at once. */
const most = 500
/** `used_at` is written at most this often. */
export const usedEveryMs = 60_000

interface Row {
  id_hash: string
  grant_id: string
  client_id: string
  created_at: Date
  used_at: Date | null
  expires_at: Date
  sealed: string
  user_id: string
  name: string
  email: string
  accounts: { id: string; systemName: string }[]
}

export function createGrants(db: Db, secrets: Secrets, clock: Clock): Grants {
  const place = (name: string) => `Grant\0${name}`

  function grantOf(row: Row): GrantRow {
    const { resources } = JSON.parse(secrets.open(row.sealed, place(row.id_hash))) as { resources?: Record<string, string> }
    return {
      id: row.grant_id,
      clientId: row.client_id,
      user: { id: row.user_id, name: row.name, email: row.email },
      accounts: row.accounts,
      scopes: [...new Set(Object.values(resources ?? {}).flatMap((text) => text.split(' ')))],
      connectedAt: row.created_at,
      lastUsedAt: row.used_at,
      expiresAt: row.expires_at,
    }
  }

  return {
    list: async (accountId, { userId, id } = {}) => {
      const { rows } = await sql<Row>`
        SELECT g.id_hash, g.grant_id, g.client_id, g.created_at, g.used_at, g.expires_at, g.payload->>'sealed' AS sealed, u.id AS user_id, u.name, u.email,
          (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'systemName', a.system_name) ORDER BY a.system_name)
             FROM accounts a WHERE a.id IN (SELECT jsonb_array_elements_text(g.payload->'accounts'))) AS accounts
        FROM oauth_records g
        JOIN users u ON u.id = g.user_id
        LEFT JOIN memberships m ON m.account_id = ${accountId} AND m.user_id = u.id
        WHERE g.model = 'Grant' AND g.expires_at > ${clock()} AND g.payload->'accounts' ? ${accountId}
          AND (${userId ?? null}::text IS NULL OR g.user_id = ${userId ?? null}::text)
          AND (${id ?? null}::text IS NULL OR g.grant_id = ${id ?? null}::text)
          AND (m.user_id IS NOT NULL OR u.is_super_admin)
        ORDER BY g.created_at DESC, g.grant_id LIMIT ${most}`.execute(db)
      return rows.map(grantOf)
    },

    removeAccount: async (grantId, accountId) => {
      const removed = (await db.transaction().execute((transaction) => leaveGrants(transaction, accountId, { grantId }))).length > 0
      if (removed) await announceAccessChange(db, { grant: grantId })
      return removed
    },

    touch: async (grantId, now) => {
      await db
        .updateTable('oauth_records')
        .set({ used_at: now })
        .where('model', '=', 'Grant')
        .where('grant_id', '=', grantId)
        .where((where) => where.or([where('used_at', 'is', null), where('used_at', '<', new Date(now.getTime() - usedEveryMs))]))
        .execute()
    },
  }
}
