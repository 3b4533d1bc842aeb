/** An account's name, calendar, money and settings, bound to who asks. A change is audited, acts on the next call, and has figures counted anew where they follow it. */
import { type Account, type Actor, missingScopes, requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import {
  type AccountChange,
  type AccountSettings,
  announceAccessChange,
  findAccountById,
  parseAccountChange,
  readSettings,
  type SettingsChange,
  updateAccount,
  writeMcp,
  writeSettings,
} from '../accounts/index.ts'
import { recordEvent } from '../audit/index.ts'
import { isStale } from '../facts/index.ts'
import type { Stores } from '../stores.ts'
import { differences } from './differences.ts'
import { type SeenAttribute, seenAttributes } from './seen-attributes.ts'

export interface SettingsOfAccount {
  readonly account: Account
  readonly settings: AccountSettings
  readonly may: { readonly change: boolean; readonly switchMcp: boolean }
  /** Figures still follow the settings of before. */
  readonly recounting: boolean
}

export type Changes = AccountChange & { readonly settings?: SettingsChange | undefined }

export interface SettingsService {
  readonly read: () => Promise<SettingsOfAccount>
  /** Custom attributes of imported customers that are not declared; `fewerThan` is what a count of null means. */
  readonly seenAttributes: () => Promise<{ readonly attributes: readonly SeenAttribute[]; readonly fewerThan: number }>
  /** Changes what is given; of the settings, the given ones are replaced. Throws conflict for another currency while there are orders. */
  readonly change: (changes: Changes) => Promise<void>
  /** For platform operators alone. */
  readonly setMcp: (enabled: boolean) => Promise<void>
}

/** Has the figures of an account counted anew, now or some time later. */
export type Recount = (accountId: string) => Promise<void>

export function createSettings(stores: Stores, recount: Recount): (actor: Actor) => SettingsService {
  const { db, clock } = stores
  return (actor) => {
    const { id } = actor.account
    const by = { accountId: id, userId: actor.userId, clientId: actor.clientId }

    return {
      read: async () => {
        const account = await findAccountById(db, id)
        if (!account) throw new MercatError('not_found', 'There is no such account')
        return {
          account,
          settings: await readSettings(db, id),
          may: { change: missingScopes(actor, ['manage:account']).length === 0, switchMcp: actor.operator },
          recounting: await isStale(db, id),
        }
      },

      seenAttributes: async () => {
        requireScopes(actor, 'manage:account')
        const settings = await readSettings(db, id)
        return { attributes: await seenAttributes(stores, id, settings), fewerThan: settings.privacyFloor }
      },

      change: async ({ settings, ...given }) => {
        requireScopes(actor, 'manage:account')
        const fields = parseAccountChange(given)
        // Before the transaction, which holds what every call needs: counting may wait for an import.
        if (fields.currency !== undefined && fields.currency !== actor.account.currency) await assertNoOrders(stores, id)
        const changes = await db.transaction().execute(async (transaction) => {
          // Locks the account: two changes at once are one after the other.
          const written = await writeSettings(transaction, id, settings ?? {})
          const before = await findAccountById(transaction, id)
          if (Object.values(fields).some((value) => value !== undefined)) await updateAccount(transaction, id, fields)
          const after = await findAccountById(transaction, id)
          const differing = { ...differences(before, after, ['name', 'timeZone', 'currency']), ...differences(written.before, written.settings, settingNames) }
          if (Object.keys(differing).length > 0) await recordEvent(transaction, clock, { ...by, event: 'settings.changed', detail: differing })
          return Object.keys(differing)
        })
        if (changes.length > 0) await announceAccessChange(db, { account: id })
        // Also where nothing changed: a repetition makes good what could not be asked for the first time.
        if (await isStale(db, id)) await recount(id)
      },

      setMcp: async (enabled) => {
        // No token carries it: an operator's app is not the operator.
        requireScopes(actor, 'manage:account')
        if (!actor.operator) throw new MercatError('not_allowed', 'Only a platform operator turns MCP on or off', { hint: 'Ask whoever runs this Mercat.' })
        await db.transaction().execute(async (transaction) => {
          if (await writeMcp(transaction, id, enabled)) await recordEvent(transaction, clock, { ...by, event: enabled ? 'mcp.enabled' : 'mcp.disabled' })
        })
        await announceAccessChange(db, { account: id })
      },
    }
  }
}

const settingNames = ['toolsets', 'attribution', 'goals', 'customerAttributes', 'privacyFloor', 'retentionDays'] as const satisfies (keyof AccountSettings)[]

/** Amounts are kept as they came: under another currency they would be relabelled, not converted. Throws conflict. */
async function assertNoOrders({ analytics }: Stores, accountId: string): Promise<void> {
  const [found] = await analytics.query<{ orders: number }>('SELECT count() AS orders FROM orders WHERE account_id = {account:String}', { account: accountId })
  if (!found?.orders) return
  throw new MercatError('conflict', 'The currency cannot change: the account has orders, whose amounts would be relabelled', {
    argument: 'currency',
    hint: 'Make another account and import the orders there.',
  })
}
