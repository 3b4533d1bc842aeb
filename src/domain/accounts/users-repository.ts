/** People: found by e-mail, signed in by password, disabled. A person exists once, whatever accounts they belong to. */
import { sql } from 'kysely'
import { z } from 'zod'
import { MercatError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'
import { announceAccessChange } from './changes-repository.ts'
import { assertGoodPassword, hashPassword, verifyPassword } from './passwords.ts'

export interface User {
  readonly id: string
  readonly email: string
  readonly name: string
  /** Platform operator: every account, every scope. */
  readonly isSuperAdmin: boolean
  readonly disabled: boolean
}

const newUserSchema = z.strictObject({
  email: z.email().max(254),
  name: z.string().trim().min(1).max(100),
  password: z.string().optional(),
  isSuperAdmin: z.boolean().default(false),
})

const columns = ['id', 'email', 'name', 'is_super_admin', 'disabled_at'] as const
const userOf = (row: { id: string; email: string; name: string; is_super_admin: boolean; disabled_at: Date | null }): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  isSuperAdmin: row.is_super_admin,
  disabled: row.disabled_at !== null,
})

/** Makes a person. Throws invalid_arguments, or conflict when the e-mail is taken. Without a password they cannot sign in by password. */
export async function createUser(db: DbOrTransaction, given: z.input<typeof newUserSchema>): Promise<User> {
  const parsed = newUserSchema.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new MercatError('invalid_arguments', `${String(issue?.path[0] ?? 'user')}: ${issue?.message ?? 'is not valid'}`, { argument: String(issue?.path[0] ?? '') })
  }
  const { email, name, password, isSuperAdmin } = parsed.data
  if (password !== undefined) assertGoodPassword(password)
  const row = await db
    .insertInto('users')
    .values({ id: newId('user'), email, name, password_hash: password === undefined ? null : await hashPassword(password), is_super_admin: isSuperAdmin })
    .onConflict((conflict) => conflict.expression(sql`lower(email)`).doNothing())
    .returning(columns)
    .executeTakeFirst()
  if (!row) throw new MercatError('conflict', `There is already a person with the e-mail ${email}`, { argument: 'email' })
  return userOf(row)
}

export async function findUser(db: DbOrTransaction, id: string): Promise<User | undefined> {
  const row = await db.selectFrom('users').select(columns).where('id', '=', id).executeTakeFirst()
  return row && userOf(row)
}

/** The person with this e-mail, whatever its case. */
export async function findUserByEmail(db: DbOrTransaction, email: string): Promise<User | undefined> {
  const row = await db.selectFrom('users').select(columns).where(sql`lower(email)`, '=', email.trim().toLowerCase()).executeTakeFirst()
  return row && userOf(row)
}

/** Like findUserByEmail, for an operator: throws not_found. */
export async function getUserByEmail(db: DbOrTransaction, email: string): Promise<User> {
  const found = await findUserByEmail(db, email)
  if (!found) throw new MercatError('not_found', `There is no person with the e-mail ${email}`, { hint: 'mercat user list shows all.' })
  return found
}

export async function listUsers(db: DbOrTransaction): Promise<User[]> {
  return (await db.selectFrom('users').select(columns).orderBy(sql`lower(email)`).execute()).map(userOf)
}

/** Sets the password. Grants that the person gave to apps stay: disable the person to end them. */
export async function setPassword(db: DbOrTransaction, userId: string, password: string): Promise<void> {
  assertGoodPassword(password)
  await db
    .updateTable('users')
    .set({ password_hash: await hashPassword(password) })
    .where('id', '=', userId)
    .execute()
}

/** The person whose e-mail and password these are, if they may sign in. The same work is done for unknown and disabled people. */
export async function authenticate(db: DbOrTransaction, email: string, password: string): Promise<User | undefined> {
  const row = await db
    .selectFrom('users')
    .select([...columns, 'password_hash'])
    .where(sql`lower(email)`, '=', email.trim().toLowerCase())
    .executeTakeFirst()
  const right = await verifyPassword(password, row?.password_hash)
  return row && right && row.disabled_at === null ? userOf(row) : undefined
}

/** Disables or enables a person: acts on the next call of every app that works for them. */
export async function setUserDisabled(db: Db, userId: string, disabled: boolean, now: Date): Promise<void> {
  await db
    .updateTable('users')
    .set({ disabled_at: disabled ? now : null })
    .where('id', '=', userId)
    .execute()
  await announceAccessChange(db, { user: userId })
}
