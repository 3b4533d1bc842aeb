/** One-time links: made for an invitation or a new password, looked at, used once. Only the token's hash is kept; what a link leads to is decided by its callers. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { isScope, type Role, type Scope } from '../../core/access.ts'
import { sha256 } from '../../core/hash.ts'
import { newId } from '../../core/ids.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'

/** What the membership of an accepted invitation will be. */
export interface Invitation {
  readonly accountId: string
  readonly email: string
  readonly role: Role
  readonly scopesAdded: readonly Scope[]
  readonly scopesRemoved: readonly Scope[]
  readonly organizations: readonly string[]
  readonly brands: readonly string[]
}

interface LinkFacts {
  readonly id: string
  /** Who made it; null: an operator at the command line. */
  readonly createdBy: string | null
  readonly createdAt: Date
  readonly expiresAt: Date
}
export interface InvitationLink extends Invitation, LinkFacts {}
export interface PasswordLink extends LinkFacts {
  readonly userId: string
  readonly email: string
}

/** The links of each purpose. */
export interface Links {
  invitation: InvitationLink
  password: PasswordLink
}
export type LinkPurpose = keyof Links

/** What a new link is made of. */
export interface NewLinks {
  invitation: Invitation
  password: { readonly userId: string; readonly email: string }
}

const day = 86_400_000
const lifetimes: Record<LinkPurpose, number> = { invitation: 7 * day, password: day }
const pages: Record<LinkPurpose, string> = { invitation: '/invitation', password: '/new-password' }
const tokenPattern = /^[\w-]{43}$/

const columns = ['id', 'email', 'user_id', 'account_id', 'role', 'scopes_added', 'scopes_removed', 'organizations', 'brands', 'created_by', 'created_at', 'expires_at'] as const

interface LinkRow {
  id: string
  email: string
  user_id: string | null
  account_id: string | null
  role: string | null
  scopes_added: string[]
  scopes_removed: string[]
  organizations: string[]
  brands: string[]
  created_by: string | null
  created_at: Date
  expires_at: Date
}

/** The table's checks hold that an invitation has account and role, and a password link its person. */
function linkOf<Purpose extends LinkPurpose>(purpose: Purpose, row: LinkRow): Links[Purpose] {
  const facts: LinkFacts = { id: row.id, createdBy: row.created_by, createdAt: row.created_at, expiresAt: row.expires_at }
  const links: { [Each in LinkPurpose]: () => Links[Each] } = {
    invitation: () => ({
      ...facts,
      accountId: String(row.account_id),
      email: row.email,
      role: row.role as Role,
      scopesAdded: row.scopes_added.filter(isScope),
      scopesRemoved: row.scopes_removed.filter(isScope),
      organizations: row.organizations,
      brands: row.brands,
    }),
    password: () => ({ ...facts, userId: String(row.user_id), email: row.email }),
  }
  return links[purpose]()
}

/** The page of a link, on this origin. */
export const linkPath = (purpose: LinkPurpose, token: string): string => `${pages[purpose]}?token=${encodeURIComponent(token)}`

/** Makes a link. The token is given here and nowhere else. @param createdBy who makes it; null: an operator at the command line */
export async function makeLink<Purpose extends LinkPurpose>(
  db: DbOrTransaction,
  purpose: Purpose,
  link: NewLinks[Purpose],
  createdBy: string | null,
  now: Date,
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url')
  const id = newId('link')
  const expiresAt = new Date(now.getTime() + lifetimes[purpose])
  const given: Partial<Invitation & { userId: string }> & { email: string } = link
  await db
    .insertInto('links')
    .values({
      id,
      // 256 random bits need no slow hash: nobody can guess what this is the hash of.
      token_hash: sha256(token),
      purpose,
      email: given.email,
      user_id: given.userId ?? null,
      account_id: given.accountId ?? null,
      role: given.role ?? null,
      scopes_added: [...(given.scopesAdded ?? [])],
      scopes_removed: [...(given.scopesRemoved ?? [])],
      organizations: [...(given.organizations ?? [])],
      brands: [...(given.brands ?? [])],
      created_by: createdBy,
      created_at: now,
      expires_at: expiresAt,
    })
    .execute()
  return { id, token, expiresAt }
}

/** What a link would do, without using it; undefined alike for one that is unknown, used, or too old. */
export async function findLink<Purpose extends LinkPurpose>(db: DbOrTransaction, purpose: Purpose, token: string, now: Date): Promise<Links[Purpose] | undefined> {
  if (!tokenPattern.test(token)) return undefined
  const row = await db
    .selectFrom('links')
    .select(columns)
    .where('token_hash', '=', sha256(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row && linkOf(purpose, row)
}

/** Uses a link up: of several at once, one gets it. Call it in the transaction of what the link does, so that a failure gives it back. */
export async function takeLink<Purpose extends LinkPurpose>(db: DbOrTransaction, purpose: Purpose, token: string, now: Date): Promise<Links[Purpose] | undefined> {
  if (!tokenPattern.test(token)) return undefined
  const row = await db
    .updateTable('links')
    .set({ used_at: now })
    .where('token_hash', '=', sha256(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(columns)
    .executeTakeFirst()
  return row && linkOf(purpose, row)
}

/** An invitation that nobody has used yet, with who made it; null: an operator at the command line. */
export interface OpenInvitation extends InvitationLink {
  readonly inviter: { readonly name: string; readonly email: string } | null
}

/** The open invitations of an account, newest first. */
export async function listInvitations(db: DbOrTransaction, accountId: string, now: Date): Promise<OpenInvitation[]> {
  const rows = await db
    .selectFrom('links')
    .leftJoin('users', 'users.id', 'links.created_by')
    .select(columns.map((column) => `links.${column}` as const))
    .select(['users.name as inviter_name', 'users.email as inviter_email'])
    .where('account_id', '=', accountId)
    .where('purpose', '=', 'invitation')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('links.created_at', 'desc')
    .execute()
  return rows.map((row) => ({
    ...linkOf('invitation', row),
    inviter: row.inviter_name === null || row.inviter_email === null ? null : { name: row.inviter_name, email: row.inviter_email },
  }))
}

/** Takes back what an address was invited with before, whatever its case: the newest invitation is the one that works. */
export async function withdrawInvitationsTo(db: DbOrTransaction, accountId: string, email: string): Promise<void> {
  await db
    .deleteFrom('links')
    .where('account_id', '=', accountId)
    .where('purpose', '=', 'invitation')
    .where('used_at', 'is', null)
    .where(sql`lower(email)`, '=', email.toLowerCase())
    .execute()
}

/** Takes an open invitation back. @returns what it was; undefined when the account has no such one */
export async function withdrawInvitation(db: DbOrTransaction, accountId: string, id: string): Promise<InvitationLink | undefined> {
  const row = await db
    .deleteFrom('links')
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .where('purpose', '=', 'invitation')
    .where('used_at', 'is', null)
    .returning(columns)
    .executeTakeFirst()
  return row && linkOf('invitation', row)
}

/** Forgets links that were used, or could have been, long ago. */
export async function purgeLinks(db: DbOrTransaction, before: Date): Promise<void> {
  await db
    .deleteFrom('links')
    .where(({ or, eb }) => or([eb('used_at', '<', before), eb('expires_at', '<', before)]))
    .execute()
}
