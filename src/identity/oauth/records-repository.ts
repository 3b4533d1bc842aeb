/** oidc-provider's records in the operational store: named by HMAC, sealed, consumed once. Knows no protocol. */
import { sql } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { announceAccessChange } from '../../domain/accounts/index.ts'
import { type AuditEvent, recordEvent } from '../../domain/audit/index.ts'
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'
import type { Secrets } from '../secrets.ts'

/** A record's members as oidc-provider knows them; here only those that become columns matter. */
export interface RecordPayload {
  readonly uid?: string
  readonly grantId?: string
  readonly accountId?: string
  readonly clientId?: string
  readonly [member: string]: unknown
}

/** The records of one model. */
export interface ModelRecords {
  readonly upsert: (id: string, payload: RecordPayload, expiresIn: number | undefined) => Promise<void>
  readonly find: (id: string) => Promise<RecordPayload | undefined>
  readonly findByUid: (uid: string) => Promise<RecordPayload | undefined>
  readonly destroy: (id: string) => Promise<void>
  readonly revokeByGrantId: (grantId: string) => Promise<void>
  /** @returns whether this call consumed it, and not another one before. */
  readonly consume: (id: string) => Promise<boolean>
}

/** What the grace window must know of a refresh token, without changing it. */
export interface RefreshRecord {
  readonly clientId: string | null
  readonly grantId: string | null
  readonly userId: string | null
  readonly resource: string | undefined
  readonly consumedAt: Date | null
  /** Sealed under the token itself. */
  readonly successor: string | null
}

/** A registered app without a grant is forgotten after this; the first grant keeps it. Registration is open to anyone, so it must not fill the store. */
const unusedClientSeconds = 7 * 86_400

/** Members kept readable beside the sealed payload, because the token check and the search for a grant join on them. None of them is secret. */
function clearMembers(model: string, payload: RecordPayload): Record<string, unknown> {
  if (model === 'AccessToken') return { aud: payload.aud, scope: payload.scope ?? '' }
  if (model === 'Grant') return { resources: Object.keys(payload.resources ?? {}), accounts: accountsOfGrant(payload) }
  return {}
}

/** The accounts a grant is for: kept as one RFC 9396 authorization detail, the only member of a grant that oidc-provider carries through untouched. */
export function accountsOfGrant(grant: Readonly<Record<'rar', unknown>> | RecordPayload): string[] {
  const details = Array.isArray(grant.rar) ? (grant.rar as { type?: unknown; identifiers?: unknown }[]) : []
  return details.flatMap((detail) => (detail.type === 'accounts' && Array.isArray(detail.identifiers) ? (detail.identifiers as string[]) : []))
}

export interface Records {
  readonly of: (model: string) => ModelRecords
  /** Ends a grant and everything that hangs on it. @param event stands in the audit log of each of its accounts, once however often it is ended */
  readonly endGrant: (grantId: string, event?: AuditEvent) => Promise<void>
  /** A refresh token as it is, used or not; undefined when it is unknown or has expired. */
  readonly peekRefresh: (token: string) => Promise<RefreshRecord | undefined>
  /** Keeps what a refresh answered, for clients that sent the same token twice at once. */
  readonly keepSuccessor: (token: string, response: object) => Promise<void>
  /** Makes a token usable again whose use was never answered. @returns whether this call did */
  readonly unconsume: (token: string, consumedAt: Date) => Promise<boolean>
  /** The newest live grant of a person for an app and a resource. */
  readonly latestGrant: (userId: string, clientId: string, resource: string) => Promise<string | undefined>
  /** Ends browser sessions by their uids. */
  readonly endSessions: (uids: readonly string[]) => Promise<void>
  /** Whether a grant still stands. */
  readonly grantStands: (grantId: string) => Promise<boolean>
  /** Deletes what has expired. */
  readonly purge: () => Promise<void>
}

export function createRecords(db: Db, secrets: Secrets, clock: Clock): Records {
  const placeOf = (model: string, name: string) => `${model}\0${name}`

  function open(model: string, row: { id_hash: string; payload: Record<string, unknown>; consumed_at: Date | null }): RecordPayload {
    const sealed = JSON.parse(secrets.open(String(row.payload.sealed), placeOf(model, row.id_hash))) as RecordPayload
    // The accounts beside the seal are those that count: they are taken away one by one (domain/accounts, leaveGrants).
    const payload = model === 'Grant' ? { ...sealed, rar: [{ type: 'accounts', identifiers: row.payload.accounts }] } : sealed
    return row.consumed_at ? { ...payload, consumed: Math.floor(row.consumed_at.getTime() / 1000) } : payload
  }

  /** Deletes the records of a grant or of an app, and says so in the audit log of every account that a grant among them was for. */
  async function end(column: 'grant_id' | 'client_id', value: string, event: AuditEvent | undefined): Promise<void> {
    await db.transaction().execute(async (transaction) => {
      const ended = await transaction.deleteFrom('oauth_records').where(column, '=', value).returning(['model', 'payload', 'user_id', 'client_id']).execute()
      for (const grant of event === undefined ? [] : ended.filter(({ model }) => model === 'Grant')) {
        for (const accountId of grant.payload.accounts as string[]) {
          await recordEvent(transaction, clock, { accountId, event: event as AuditEvent, userId: grant.user_id, clientId: grant.client_id })
        }
      }
    })
    await announceAccessChange(db, column === 'grant_id' ? { grant: value } : { client: value })
  }
  const endGrant = (grantId: string, event?: AuditEvent) => end('grant_id', grantId, event)

  /** The name to write a record under: the one it has, though the key of that name may be an older one. */
  async function nameFor(model: string, id: string): Promise<string> {
    const names = secrets.namesOf(model, id)
    if (names.length === 1) return secrets.nameOf(model, id)
    const row = await db.selectFrom('oauth_records').select('id_hash').where('model', '=', model).where('id_hash', 'in', names).executeTakeFirst()
    return row?.id_hash ?? secrets.nameOf(model, id)
  }

  const of = (model: string): ModelRecords => ({
    async upsert(id, payload, expiresIn) {
      const name = await nameFor(model, id)
      const seconds = expiresIn ?? (model === 'Client' ? unusedClientSeconds : undefined)
      const row = {
        model,
        id_hash: name,
        payload: JSON.stringify({ ...clearMembers(model, payload), sealed: secrets.seal(JSON.stringify(payload), placeOf(model, name)) }),
        grant_id: model === 'Grant' ? id : (payload.grantId ?? null),
        uid_hash: model === 'Session' && payload.uid ? secrets.nameOf('Session.uid', payload.uid) : null,
        user_id: payload.accountId ?? null,
        client_id: payload.clientId ?? (model === 'Client' ? id : null),
        expires_at: seconds === undefined ? null : new Date(clock().getTime() + seconds * 1000),
      }
      const write = (to: DbOrTransaction) =>
        to
          .insertInto('oauth_records')
          .values(row)
          .onConflict((conflict) =>
            conflict.columns(['model', 'id_hash']).doUpdateSet(({ ref }) => ({
              payload: ref('excluded.payload'),
              grant_id: ref('excluded.grant_id'),
              uid_hash: ref('excluded.uid_hash'),
              user_id: ref('excluded.user_id'),
              client_id: ref('excluded.client_id'),
              // An app that is in use changes its registration: it stays in use.
              expires_at: model === 'Client' ? ref('oauth_records.expires_at') : ref('excluded.expires_at'),
            })),
          )
          .execute()
      if (model !== 'Grant') return void (await write(db))
      await db.transaction().execute(async (transaction) => {
        await write(transaction)
        await transaction.updateTable('oauth_records').set({ expires_at: null }).where('model', '=', 'Client').where('client_id', '=', row.client_id).execute()
      })
    },

    async find(id) {
      const row = await db
        .selectFrom('oauth_records')
        .select(['id_hash', 'payload', 'consumed_at'])
        .where('model', '=', model)
        .where('id_hash', 'in', secrets.namesOf(model, id))
        .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', clock())]))
        .executeTakeFirst()
      return row && open(model, row)
    },

    async findByUid(uid) {
      const row = await db
        .selectFrom('oauth_records')
        .select(['id_hash', 'payload', 'consumed_at'])
        .where('model', '=', model)
        .where('uid_hash', 'in', secrets.namesOf('Session.uid', uid))
        .where('expires_at', '>', clock())
        .executeTakeFirst()
      return row && open(model, row)
    },

    async destroy(id) {
      if (model === 'Grant') return await endGrant(id)
      if (model === 'Client') return await end('client_id', id, 'app.deleted')
      const row = await db.deleteFrom('oauth_records').where('model', '=', model).where('id_hash', 'in', secrets.namesOf(model, id)).returning('grant_id').executeTakeFirst()
      if (model === 'AccessToken' && row?.grant_id) await announceAccessChange(db, { grant: row.grant_id })
    },

    async revokeByGrantId(grantId) {
      await db.deleteFrom('oauth_records').where('model', '=', model).where('grant_id', '=', grantId).execute()
      await announceAccessChange(db, { grant: grantId })
    },

    /** Trap 1: one statement decides who wins. Otherwise five parallel redemptions of one code all succeed. */
    async consume(id) {
      const won = await db
        .updateTable('oauth_records')
        .set({ consumed_at: clock() })
        .where('model', '=', model)
        .where('id_hash', 'in', secrets.namesOf(model, id))
        .where('consumed_at', 'is', null)
        .returning('grant_id')
        .executeTakeFirst()
      return won !== undefined
    },
  })

  return {
    of,
    endGrant,
    peekRefresh: async (token) => {
      const row = await db
        .selectFrom('oauth_records')
        .selectAll()
        .where('model', '=', 'RefreshToken')
        .where('id_hash', 'in', secrets.namesOf('RefreshToken', token))
        .where('expires_at', '>', clock())
        .executeTakeFirst()
      if (!row) return undefined
      const { resource } = open('RefreshToken', row)
      return {
        clientId: row.client_id,
        grantId: row.grant_id,
        userId: row.user_id,
        consumedAt: row.consumed_at,
        successor: row.successor,
        resource: typeof resource === 'string' ? resource : undefined,
      }
    },
    keepSuccessor: async (token, response) => {
      await db
        .updateTable('oauth_records')
        .set({ successor: secrets.sealUnder(token, JSON.stringify(response)) })
        .where('model', '=', 'RefreshToken')
        .where('id_hash', 'in', secrets.namesOf('RefreshToken', token))
        .execute()
    },
    unconsume: async (token, consumedAt) => {
      const row = await db
        .updateTable('oauth_records')
        .set({ consumed_at: null })
        .where('model', '=', 'RefreshToken')
        .where('id_hash', 'in', secrets.namesOf('RefreshToken', token))
        .where('consumed_at', '=', consumedAt)
        .where('successor', 'is', null)
        .returning('id_hash')
        .executeTakeFirst()
      return row !== undefined
    },
    latestGrant: async (userId, clientId, resource) => {
      const row = await db
        .selectFrom('oauth_records')
        .select('grant_id')
        .where('model', '=', 'Grant')
        .where('user_id', '=', userId)
        .where('client_id', '=', clientId)
        .where('expires_at', '>', clock())
        .where(sql<boolean>`jsonb_exists(payload->'resources', ${resource})`)
        .orderBy('expires_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.grant_id ?? undefined
    },
    endSessions: async (uids) => {
      if (uids.length === 0) return
      const names = uids.flatMap((uid) => secrets.namesOf('Session.uid', uid))
      await db.deleteFrom('oauth_records').where('model', '=', 'Session').where('uid_hash', 'in', names).execute()
    },
    grantStands: async (grantId) =>
      (await db.selectFrom('oauth_records').select('model').where('model', '=', 'Grant').where('grant_id', '=', grantId).where('expires_at', '>', clock()).executeTakeFirst()) !==
      undefined,
    purge: async () => {
      await db.deleteFrom('oauth_records').where('expires_at', '<', clock()).execute()
      // A registration token has no end of its own: it goes with its app.
      await db
        .deleteFrom('oauth_records')
        .where('model', '=', 'RegistrationAccessToken')
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('oauth_records as app').select('app.model').where('app.model', '=', 'Client').whereRef('app.client_id', '=', 'oauth_records.client_id'))),
        )
        .execute()
    },
  }
}
