/** Who belongs to which account, with what role, and what that lets them do. The only reader of memberships. */
import type { Transaction } from 'kysely'
import { z } from 'zod'
import { type Account, isScope, memberScopes, type Role, roles, type Scope, scopes, unrestricted } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { nearest } from '../../core/text.ts'
import type { Db, DbOrTransaction, OperationalSchema } from '../../storage/operational/schema.ts'
import { accountOf } from './accounts-repository.ts'
import { announceAccessChange } from './changes-repository.ts'
import { leaveGrants } from './grants-repository.ts'

export interface Member {
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly scopesAdded: readonly Scope[]
  readonly scopesRemoved: readonly Scope[]
  /** Ids; empty: all. */
  readonly organizations: readonly string[]
  readonly brands: readonly string[]
  readonly disabled: boolean
  /** directory: given by a group of the external provider, and taken away with it. */
  readonly source: 'manual' | 'directory'
}

const scopeList = z.array(z.string()).transform((names) =>
  [...new Set(names)].map((name) => {
    if (isScope(name)) return name
    throw new MercatError('unknown_value', `There is no scope "${name}"`, { nearest: nearest(name, scopes), allowed: scopes })
  }),
)
const idList = z
  .array(z.string())
  .max(1000)
  .transform((ids) => [...new Set(ids)])
const changeSchema = z.strictObject({
  role: z
    .string()
    .transform((name): Role => {
      if ((roles as string[]).includes(name)) return name as Role
      throw new MercatError('unknown_value', `There is no role "${name}"`, { nearest: nearest(name, roles), allowed: roles })
    })
    .optional(),
  scopesAdded: scopeList.optional(),
  scopesRemoved: scopeList.optional(),
  organizations: idList.optional(),
  brands: idList.optional(),
})
export type MemberChange = z.input<typeof changeSchema>
export type ParsedMemberChange = z.output<typeof changeSchema>

/** The change with every role and scope known to exist. Throws unknown_value with the nearest ones, or invalid_arguments. */
export function parseMemberChange(change: MemberChange): ParsedMemberChange {
  const { data, error } = changeSchema.safeParse(change)
  const [issue] = error?.issues ?? []
  if (!data) throw new MercatError('invalid_arguments', `${issue?.path.join('.') || 'member'}: ${issue?.message ?? 'is not valid'}`, { argument: issue?.path.join('.') ?? '' })
  return data
}

function columnsOf(change: MemberChange) {
  const { role, scopesAdded, scopesRemoved, organizations, brands } = parseMemberChange(change)
  return {
    ...(role && { role }),
    ...(scopesAdded && { scopes_added: scopesAdded }),
    ...(scopesRemoved && { scopes_removed: scopesRemoved }),
    ...(organizations && { organizations }),
    ...(brands && { brands }),
  }
}

/** Changes of members wait here for each other: what one rests on (who is an owner) holds until it is committed. Call it first in the transaction. */
export async function lockMembers(transaction: Transaction<OperationalSchema>, accountId: string): Promise<void> {
  // Weaker than FOR UPDATE, so that rows that only refer to the account do not wait.
  await transaction.selectFrom('accounts').select('id').where('id', '=', accountId).forNoKeyUpdate().execute()
}

/** Like addMember, as a part of something larger: whoever commits it announces it. */
export async function insertMember(db: DbOrTransaction, accountId: string, userId: string, given: MemberChange & { role: string }): Promise<void> {
  const { role, ...rest } = columnsOf(given)
  const row = await db
    .insertInto('memberships')
    .values({ account_id: accountId, user_id: userId, role: role as Role, ...rest })
    .onConflict((conflict) => conflict.columns(['account_id', 'user_id']).doNothing())
    .returning('user_id')
    .executeTakeFirst()
  if (!row) throw new MercatError('conflict', 'This person is a member of the account already', { hint: 'Change their role and scopes instead.' })
}

/** Adds a person to an account. Throws unknown_value for a role or scope that does not exist, conflict when they are a member already. */
export async function addMember(db: Db, accountId: string, userId: string, given: MemberChange & { role: string }): Promise<void> {
  await insertMember(db, accountId, userId, given)
  await announceAccessChange(db, { account: accountId, user: userId })
}

/** Like setMember, as a part of something larger: whoever commits it announces it. */
export async function updateMember(db: DbOrTransaction, accountId: string, userId: string, change: MemberChange): Promise<void> {
  const columns = columnsOf(change)
  if (Object.keys(columns).length === 0) throw new MercatError('invalid_arguments', 'Nothing to change was given', { hint: 'Give a role, scopes, organizations or brands.' })
  const row = await db.updateTable('memberships').set(columns).where('account_id', '=', accountId).where('user_id', '=', userId).returning('user_id').executeTakeFirst()
  if (!row) throw noMember()
}

/** Changes what is given of a membership; acts on the next call. Throws not_found for a person who is no member. */
export async function setMember(db: Db, accountId: string, userId: string, change: MemberChange): Promise<void> {
  await updateMember(db, accountId, userId, change)
  await announceAccessChange(db, { account: accountId, user: userId })
}

/** Like removeMember, as a part of something larger: whoever commits it announces it. */
export async function deleteMember(transaction: Transaction<OperationalSchema>, accountId: string, userId: string): Promise<void> {
  const row = await transaction.deleteFrom('memberships').where('account_id', '=', accountId).where('user_id', '=', userId).returning('user_id').executeTakeFirst()
  if (!row) throw noMember()
  await leaveGrants(transaction, accountId, { userId })
}

/** Removes a person from an account; acts on the next call. Throws not_found for a person who is no member. */
export async function removeMember(db: Db, accountId: string, userId: string): Promise<void> {
  await db.transaction().execute((transaction) => deleteMember(transaction, accountId, userId))
  await announceAccessChange(db, { account: accountId, user: userId })
}

export const noMember = () => new MercatError('not_found', 'This person is not a member of the account')

export async function listMembers(db: DbOrTransaction, accountId: string): Promise<Member[]> {
  const rows = await db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select(['user_id', 'email', 'name', 'role', 'scopes_added', 'scopes_removed', 'organizations', 'brands', 'disabled_at', 'source'])
    .where('account_id', '=', accountId)
    .orderBy('email')
    .execute()
  return rows.map((row) => ({
    userId: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role as Role,
    scopesAdded: row.scopes_added.filter(isScope),
    scopesRemoved: row.scopes_removed.filter(isScope),
    organizations: row.organizations,
    brands: row.brands,
    disabled: row.disabled_at !== null,
    source: row.source,
  }))
}

/** What a person may do in an account now. */
export interface Access {
  readonly account: Account
  /** The role's title, for people to read. */
  readonly role: Role | 'super_admin'
  readonly scopes: ReadonlySet<Scope>
  readonly organizations: readonly string[] | null
  readonly brands: readonly string[] | null
}

/** The columns that accessOf reads, from a join of accounts, users and (left) memberships. */
export interface AccessRow {
  readonly id: string
  readonly system_name: string
  readonly account_name: string
  readonly time_zone: string
  readonly currency: string
  readonly mcp_enabled: boolean
  readonly settings: Record<string, unknown>
  readonly several_organizations: boolean
  readonly is_super_admin: boolean
  readonly role: string | null
  readonly scopes_added: string[] | null
  readonly scopes_removed: string[] | null
  readonly organizations: string[] | null
  readonly brands: string[] | null
}

const none = (list: string[] | null) => (list?.length ? list : null)

/** What the joined row lets the person do; undefined when they are neither a member nor a platform operator. */
export function accessOf(row: AccessRow): Access | undefined {
  const account = accountOf({ ...row, name: row.account_name })
  if (row.is_super_admin) return { account, role: 'super_admin', scopes: new Set(scopes), ...unrestricted }
  if (row.role === null) return undefined
  const role = row.role as Role
  return { account, role, scopes: memberScopes(role, row.scopes_added ?? [], row.scopes_removed ?? []), organizations: none(row.organizations), brands: none(row.brands) }
}

/** Every account a person may use now, or only the one of a system name; empty for disabled people. */
export async function listAccess(db: DbOrTransaction, userId: string, systemName?: string): Promise<Access[]> {
  const rows = await db
    .selectFrom('users')
    .innerJoin('accounts', (join) => join.onTrue())
    .leftJoin('memberships', (join) => join.onRef('memberships.account_id', '=', 'accounts.id').onRef('memberships.user_id', '=', 'users.id'))
    .select([
      'accounts.id',
      'system_name',
      'accounts.name as account_name',
      'time_zone',
      'currency',
      'mcp_enabled',
      'settings',
      'several_organizations',
      'is_super_admin',
      'role',
      'scopes_added',
      'scopes_removed',
      'organizations',
      'brands',
    ])
    .where('users.id', '=', userId)
    .where('users.disabled_at', 'is', null)
    .where((where) => where.or([where('memberships.user_id', 'is not', null), where('is_super_admin', '=', true)]))
    .$if(systemName !== undefined, (query) => query.where('system_name', '=', systemName as string))
    .orderBy('accounts.name')
    .execute()
  return rows.flatMap((row) => accessOf(row) ?? [])
}
