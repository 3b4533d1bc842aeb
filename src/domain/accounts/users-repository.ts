/** People: found by e-mail, signed in by password, disabled. A person exists once, whatever accounts they belong to. */
import { sql, type Transaction } from 'kysely'
import { z } from 'zod'
import { MercatError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { newId } from '../../core/ids.ts'
import type { Db, DbOrTransaction, OperationalSchema } from '../../storage/operational/schema.ts'
import { announceAccessChange } from './changes-repository.ts'
import { findLink, makeLink, type PasswordLink, takeLink } from './links-repository.ts'
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
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'must be one line of plain text'),
  password: z.string().optional(),
  isSuperAdmin: z.boolean().default(false),
  /** Whether the address is known to be theirs: an operator says so by making them. */
  addressProved: z.boolean().default(true),
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
  const { email, name, password, isSuperAdmin, addressProved } = parsed.data
  if (password !== undefined) assertGoodPassword(password)
  const row = await db
    .insertInto('users')
    .values({
      id: newId('user'),
      email,
      name,
      password_hash: password === undefined ? null : await hashPassword(password),
      is_super_admin: isSuperAdmin,
      address_proved: addressProved,
    })
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

/**
 * Sets the password, voids links for another one, and leaves sessions and connected apps as they are: their end is the caller's to decide (signOutEverywhere).
 * @param argument what the caller calls it, for errors
 */
export async function setPassword(db: DbOrTransaction, userId: string, password: string, argument = 'password'): Promise<void> {
  assertGoodPassword(password, argument)
  const hash = await hashPassword(password)
  await db.updateTable('users').set({ password_hash: hash }).where('id', '=', userId).execute()
  await deletePasswordLinks(db, userId)
}

/** Names the person's present password without telling it: what was proved by an older one is void. undefined: there is none. */
export async function passwordMark(db: Db, userId: string): Promise<string | undefined> {
  const row = await db.selectFrom('users').select('password_hash').where('id', '=', userId).executeTakeFirst()
  return row?.password_hash ? markOf(row.password_hash) : undefined
}

const markOf = (hash: string) => sha256(hash)

/** Whether this is the person's password. */
export async function isPassword(db: Db, userId: string, password: string): Promise<boolean> {
  const row = await db.selectFrom('users').select('password_hash').where('id', '=', userId).executeTakeFirst()
  return await verifyPassword(password, row?.password_hash)
}

/** Ends every session and connected app of a person, in every process: acts on the next call. */
export async function signOutEverywhere(db: Db, userId: string): Promise<void> {
  await db.transaction().execute((transaction) => endAccess(transaction, userId))
  await announceAccessChange(db, { user: userId })
}

/** Sessions, grants, tokens and codes: everything that speaks for the person. */
async function endAccess(transaction: Transaction<OperationalSchema>, userId: string): Promise<void> {
  await transaction.deleteFrom('oauth_records').where('user_id', '=', userId).execute()
  await transaction.deleteFrom('sessions').where('user_id', '=', userId).execute()
}

/** A one-time link's token for a new password, in place of any before it. Nothing ends until it is used. @param createdBy null: an operator at the command line */
export async function newPasswordLink(db: Db, user: User, createdBy: string | null, now: Date): Promise<{ token: string; expiresAt: Date }> {
  if (user.disabled) throw new MercatError('conflict', `${user.email} is disabled`, { hint: 'Enable the person first.' })
  return await db.transaction().execute(async (transaction) => {
    await deletePasswordLinks(transaction, user.id)
    return await makeLink(transaction, 'password', { userId: user.id, email: user.email }, createdBy, now)
  })
}

const deletePasswordLinks = (db: DbOrTransaction, userId: string) =>
  db.deleteFrom('links').where('user_id', '=', userId).where('purpose', '=', 'password').where('used_at', 'is', null).execute()

/**
 * What somebody else could have left behind who knew the password or sat at an open browser: passkeys, links, sessions, apps. The authenticator app stays: a link
 * that reached the wrong hands must not do away with it.
 */
async function forget(transaction: Transaction<OperationalSchema>, userId: string): Promise<void> {
  await transaction.deleteFrom('passkeys').where('user_id', '=', userId).execute()
  await deletePasswordLinks(transaction, userId)
  await endAccess(transaction, userId)
}

/** Sets a password on an operator's word: the address is the person's, and whatever they did not do themselves is gone. Acts on the next call. */
export async function replacePassword(db: Db, userId: string, password: string): Promise<void> {
  assertGoodPassword(password)
  const hash = await hashPassword(password)
  await db.transaction().execute(async (transaction) => {
    await transaction.updateTable('users').set({ password_hash: hash, address_proved: true }).where('id', '=', userId).execute()
    await forget(transaction, userId)
  })
  await announceAccessChange(db, { user: userId })
}

/**
 * The address turns out to be the person's. Where nobody knew that before, whoever joined by it may have been somebody else, with an invitation for it in hand:
 * all they could sign in with goes, and all that is open ends. @returns whether it did
 */
export async function proveAddress(transaction: Transaction<OperationalSchema>, userId: string): Promise<boolean> {
  const row = await transaction
    .updateTable('users')
    .set({ address_proved: true, password_hash: null })
    .where('id', '=', userId)
    .where('address_proved', '=', false)
    .returning('id')
    .executeTakeFirst()
  if (!row) return false
  for (const table of ['totp', 'recovery_codes'] as const) await transaction.deleteFrom(table).where('user_id', '=', userId).execute()
  await forget(transaction, userId)
  return true
}

/** Whether the address is known to be the person's own. */
export async function isAddressProved(db: DbOrTransaction, userId: string): Promise<boolean> {
  return (await db.selectFrom('users').select('address_proved').where('id', '=', userId).executeTakeFirst())?.address_proved === true
}

/** Takes away the authenticator app, the recovery codes and the passkeys of a person who lost them; the password stays. */
export async function removeFactors(db: Db, userId: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (const table of ['totp', 'recovery_codes', 'passkeys'] as const) await transaction.deleteFrom(table).where('user_id', '=', userId).execute()
  })
}

/** The link for a new password, if it is good and its person may sign in. */
export async function findPasswordLink(db: Db, token: string, now: Date): Promise<PasswordLink | undefined> {
  const link = await findLink(db, 'password', token, now)
  const user = link && (await findUser(db, link.userId))
  return user && !user.disabled ? link : undefined
}

/** Sets the password by a one-time link: ends the link and all others of the person, their sessions and their apps. undefined: the link does not work. */
export async function newPasswordByLink(db: Db, token: string, password: string, now: Date): Promise<User | undefined> {
  assertGoodPassword(password)
  if (!(await findPasswordLink(db, token, now))) return undefined
  // Before the transaction, which should not be held open for the work.
  const hash = await hashPassword(password)
  const user = await db.transaction().execute(async (transaction) => {
    const link = await takeLink(transaction, 'password', token, now)
    if (!link) return undefined
    const row = await transaction
      .updateTable('users')
      .set({ password_hash: hash, address_proved: true })
      .where('id', '=', link.userId)
      .where('disabled_at', 'is', null)
      .returning(columns)
      .executeTakeFirst()
    if (!row) return undefined
    await forget(transaction, row.id)
    return userOf(row)
  })
  if (user) await announceAccessChange(db, { user: user.id })
  return user
}

/** The person whose e-mail and password these are, if they may sign in. The same work is done for unknown and disabled people. */
export async function authenticate(
  db: DbOrTransaction,
  email: string,
  password: string,
): Promise<{ user: User /** Of the password that was right (passwordMark). */; mark: string } | undefined> {
  const row = await db
    .selectFrom('users')
    .select([...columns, 'password_hash'])
    .where(sql`lower(email)`, '=', email.trim().toLowerCase())
    .executeTakeFirst()
  const right = await verifyPassword(password, row?.password_hash)
  return row?.password_hash && right && row.disabled_at === null ? { user: userOf(row), mark: markOf(row.password_hash) } : undefined
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
