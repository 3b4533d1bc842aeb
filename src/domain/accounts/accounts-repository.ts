/** Accounts: made with MCP off, found by system name, switched and configured. Every change is announced. */
import { randomBytes } from 'node:crypto'
import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import type { Account } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { clip, nearest } from '../../core/text.ts'
import type { AccountsTable, Db, DbOrTransaction, OperationalSchema } from '../../storage/operational/schema.ts'
import { announceAccessChange } from './changes-repository.ts'
import { type AccountSettings, accountSettingsSchema, settingsOf } from './settings.ts'

/** The form of a system name: what URLs and resource indicators carry. The same as the CHECK in sql/operational. */
export const systemNamePattern = /^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/

const newAccountSchema = z.strictObject({
  systemName: z.string().regex(systemNamePattern, 'must have 3 to 40 characters of a–z, 0–9 and -, and start and end with a letter or digit'),
  name: z.string().trim().min(1).max(100),
  timeZone: z.string().refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC', 'must be an IANA time zone, like Europe/Berlin'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code, like EUR'),
})
export type NewAccount = z.input<typeof newAccountSchema>
const accountChangeSchema = newAccountSchema.omit({ systemName: true }).partial()
export type AccountChange = z.input<typeof accountChangeSchema>
export type SettingsChange = z.input<typeof accountSettingsSchema>

/** What the schema makes of it. Throws invalid_arguments naming the first field at fault. */
function checked<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new MercatError('invalid_arguments', `${String(issue?.path[0] ?? 'account')} ${issue?.message ?? 'is not valid'}`, { argument: String(issue?.path[0] ?? '') })
}

/** The columns of an account that callers know; settings are reduced to what every call needs. */
export function accountOf(
  row: Pick<Selectable<AccountsTable>, 'id' | 'system_name' | 'name' | 'time_zone' | 'currency' | 'mcp_enabled' | 'settings' | 'several_organizations'>,
): Account {
  return {
    id: row.id,
    systemName: row.system_name,
    name: row.name,
    timeZone: row.time_zone,
    currency: row.currency,
    mcpEnabled: row.mcp_enabled,
    toolsets: settingsOf(row).toolsets,
  }
}

const columns = ['id', 'system_name', 'name', 'time_zone', 'currency', 'mcp_enabled', 'settings', 'several_organizations'] as const

/** Makes an account with MCP off. Throws invalid_arguments, or conflict when the system name is taken. */
export async function createAccount(db: DbOrTransaction, given: NewAccount): Promise<Account> {
  const { systemName, name, timeZone, currency } = checked(newAccountSchema, given)
  const row = await db
    .insertInto('accounts')
    .values({ id: newId('account'), system_name: systemName, name, time_zone: timeZone, currency, settings: '{}', customer_key: randomBytes(16) })
    .onConflict((conflict) => conflict.column('system_name').doNothing())
    .returning(columns)
    .executeTakeFirst()
  if (!row) throw new MercatError('conflict', `There is already an account "${systemName}"`, { argument: 'systemName', hint: 'Choose another system name.' })
  return accountOf(row)
}

/** The account of a system name; undefined for an unknown one. */
export async function findAccount(db: DbOrTransaction, systemName: string): Promise<Account | undefined> {
  const row = await db.selectFrom('accounts').select(columns).where('system_name', '=', systemName).executeTakeFirst()
  return row && accountOf(row)
}

export async function findAccountById(db: DbOrTransaction, id: string): Promise<Account | undefined> {
  const row = await db.selectFrom('accounts').select(columns).where('id', '=', id).executeTakeFirst()
  return row && accountOf(row)
}

/** Like findAccount, for an operator who may know all names: throws not_found with the nearest ones. */
export async function getAccount(db: DbOrTransaction, systemName: string): Promise<Account> {
  const found = await findAccount(db, systemName)
  if (found) return found
  const names = (await db.selectFrom('accounts').select('system_name').execute()).map((row) => row.system_name)
  throw new MercatError('not_found', `There is no account "${systemName}"`, { nearest: nearest(systemName, names), hint: 'mercat account list shows all.' })
}

export async function listAccounts(db: DbOrTransaction): Promise<Account[]> {
  return (await db.selectFrom('accounts').select(columns).orderBy('system_name').execute()).map(accountOf)
}

/** Turns MCP on or off for an account: acts on the next call. */
export async function setMcp(db: Db, accountId: string, enabled: boolean): Promise<void> {
  await writeMcp(db, accountId, enabled)
  await announceAccessChange(db, { account: accountId })
}

/** Like setMcp, as a part of something larger: whoever commits it announces it. @returns whether it changed anything */
export async function writeMcp(db: DbOrTransaction, accountId: string, enabled: boolean): Promise<boolean> {
  const changed = await db.updateTable('accounts').set({ mcp_enabled: enabled }).where('id', '=', accountId).where('mcp_enabled', '!=', enabled).returning('id').executeTakeFirst()
  return changed !== undefined
}

/** The account's settings with all defaults filled in. Throws not_found. */
export async function readSettings(db: DbOrTransaction, accountId: string): Promise<AccountSettings> {
  const row = await db.selectFrom('accounts').select(['settings', 'several_organizations']).where('id', '=', accountId).executeTakeFirst()
  if (!row) throw new MercatError('not_found', 'There is no such account')
  return settingsOf(row)
}

/**
 * Replaces the given top-level settings; the others stay. Throws invalid_arguments naming the setting at fault.
 * @returns the settings now
 */
export async function updateSettings(db: Db, accountId: string, change: SettingsChange): Promise<AccountSettings> {
  const { settings } = await db.transaction().execute((transaction) => writeSettings(transaction, accountId, change))
  await announceAccessChange(db, { account: accountId })
  return settings
}

/** Like updateSettings, as a part of something larger: whoever commits it announces it. */
export async function writeSettings(
  transaction: Transaction<OperationalSchema>,
  accountId: string,
  change: SettingsChange,
): Promise<{ before: AccountSettings; settings: AccountSettings }> {
  const unknown = Object.keys(change).find((name) => !Object.hasOwn(accountSettingsSchema.shape, name))
  if (unknown !== undefined) {
    const allowed = Object.keys(accountSettingsSchema.shape)
    throw new MercatError('invalid_arguments', `There is no setting "${clip(unknown, 40)}"`, { argument: 'settings', nearest: nearest(unknown, allowed), allowed })
  }
  const row = await transaction.selectFrom('accounts').select(['settings', 'several_organizations']).where('id', '=', accountId).forNoKeyUpdate().executeTakeFirst()
  if (!row) throw new MercatError('not_found', 'There is no such account')
  const merged = { ...row.settings, ...change }
  const parsed = accountSettingsSchema.safeParse(merged)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new MercatError('invalid_arguments', `Setting ${issue?.path.join('.') || 'settings'}: ${issue?.message ?? 'is not valid'}`, {
      argument: issue?.path.join('.') ?? 'settings',
    })
  }
  // Only what was given is kept: a default may become better with a later release.
  await transaction
    .updateTable('accounts')
    .set({ settings: JSON.stringify(merged) })
    .where('id', '=', accountId)
    .execute()
  return { before: settingsOf(row), settings: settingsOf({ ...row, settings: merged }) }
}

/** Name, time zone and currency as they will be kept. Throws invalid_arguments naming the field at fault. */
export const parseAccountChange = (change: AccountChange): AccountChange => checked(accountChangeSchema, change)

/** Changes name, time zone or currency, as a part of something larger: whoever commits it announces it. Throws like parseAccountChange. */
export async function updateAccount(transaction: Transaction<OperationalSchema>, accountId: string, change: AccountChange): Promise<void> {
  const { name, timeZone, currency } = parseAccountChange(change)
  const columns = { ...(name !== undefined && { name }), ...(timeZone !== undefined && { time_zone: timeZone }), ...(currency !== undefined && { currency }) }
  await transaction.updateTable('accounts').set(columns).where('id', '=', accountId).execute()
}
