/** What a person may know of the browsers they are signed in with. The bearer value of a session is not here (oauth/records-repository.ts). */
import type { Db } from '../../storage/operational/schema.ts'

export interface SessionRow {
  readonly uid: string
  readonly userId: string
  /** RFC 8176 values. */
  readonly methods: readonly string[]
  readonly userAgent: string
  readonly createdAt: Date
  /** When the person proved who they are; 1970: not known. */
  readonly provedAt: Date
  readonly lastSeenAt: Date
}

const columns = ['uid', 'user_id as userId', 'methods', 'user_agent as userAgent', 'created_at as createdAt', 'proved_at as provedAt', 'last_seen_at as lastSeenAt'] as const

export async function insertSession(db: Db, row: SessionRow): Promise<void> {
  await db
    .insertInto('sessions')
    .values({
      uid: row.uid,
      user_id: row.userId,
      methods: [...row.methods],
      user_agent: row.userAgent,
      created_at: row.createdAt,
      proved_at: row.provedAt,
      last_seen_at: row.lastSeenAt,
    })
    .execute()
}

/** How long a sign-in holds, however often it is used. */
export const sessionMs = 12 * 3_600_000
const bornAfter = (now: Date) => new Date(now.getTime() - sessionMs)

/** The session, if it still stands. This table decides: a record of oidc-provider that a request under way wrote back after the end is nothing without its row. */
export async function findSession(db: Db, uid: string, now: Date): Promise<SessionRow | undefined> {
  return await db.selectFrom('sessions').select(columns).where('uid', '=', uid).where('created_at', '>', bornAfter(now)).executeTakeFirst()
}

/** Newest use first. */
export async function listSessions(db: Db, userId: string, now: Date): Promise<SessionRow[]> {
  return await db.selectFrom('sessions').select(columns).where('user_id', '=', userId).where('created_at', '>', bornAfter(now)).orderBy('last_seen_at', 'desc').execute()
}

/** Forgets sessions that are over. */
export async function purgeSessions(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('sessions').where('created_at', '<=', bornAfter(now)).execute()
}

export async function touchSession(db: Db, uid: string, now: Date): Promise<void> {
  await db.updateTable('sessions').set({ last_seen_at: now }).where('uid', '=', uid).execute()
}

/** @returns the uids that were there */
export async function deleteSessions(db: Db, userId: string, which: { only?: string; except?: string } = {}): Promise<string[]> {
  const { only, except } = which
  const rows = await db
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .$if(only !== undefined, (query) => query.where('uid', '=', only as string))
    .$if(except !== undefined, (query) => query.where('uid', '!=', except as string))
    .returning('uid')
    .execute()
  return rows.map(({ uid }) => uid)
}
