/** The one join behind a token check: token ⋈ grant ⋈ user ⋈ accounts of the grant, with the memberships as they are now. Caches nothing. */
import { sql } from 'kysely'
import type { AccessRow } from '../domain/accounts/index.ts'
import type { Db } from '../storage/operational/schema.ts'

export interface TokenRow extends AccessRow {
  readonly user_id: string
  readonly client_id: string
  readonly grant_id: string
  readonly grant_used_at: Date | null
  readonly token_scope: string
  readonly token_expires_at: Date
}

/**
 * One row per account of the token's grant that exists; none for a token that is unknown, expired, of another resource, or whose grant or person is gone.
 * @param names the token's HMACs under every key of the ring @param systemName only this account; undefined: all of the grant
 */
export async function readToken(db: Db, names: readonly string[], resource: string, systemName: string | undefined, now: Date): Promise<TokenRow[]> {
  const { rows } = await sql<TokenRow>`
    SELECT t.user_id, t.client_id, t.grant_id, g.used_at AS grant_used_at, t.payload->>'scope' AS token_scope, t.expires_at AS token_expires_at,
      a.id, a.system_name, a.name AS account_name, a.time_zone, a.currency, a.mcp_enabled, a.settings, a.several_organizations,
      u.is_super_admin, m.role, m.scopes_added, m.scopes_removed, m.organizations, m.brands
    FROM oauth_records t
    JOIN oauth_records g ON g.model = 'Grant' AND g.grant_id = t.grant_id AND g.user_id = t.user_id AND g.client_id = t.client_id AND g.expires_at > ${now}
    JOIN users u ON u.id = t.user_id AND u.disabled_at IS NULL
    JOIN LATERAL jsonb_array_elements_text(g.payload->'accounts') AS chosen(id) ON true
    JOIN accounts a ON a.id = chosen.id
    LEFT JOIN memberships m ON m.account_id = a.id AND m.user_id = u.id
    WHERE t.model = 'AccessToken' AND t.id_hash = ANY(${names}) AND t.expires_at > ${now} AND t.payload->>'aud' = ${resource}
      AND (${systemName ?? null}::text IS NULL OR a.system_name = ${systemName ?? null}::text)
    ORDER BY a.system_name`.execute(db)
  return rows
}
