/** What the tests of members, invitations and settings share: people at the dashboard, and the account's audit log. */
import { newId } from '../../src/core/ids.ts'
import { addMember, createUser, type MemberChange, type User } from '../../src/domain/accounts/index.ts'
import { type AccountName, password, type TestApp } from '../app.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import type { Person } from '../clients/oauth.ts'

/** Somebody new, with an address nobody has. */
export async function newPerson(app: TestApp, given: { operator?: boolean; in?: AccountName } & Partial<MemberChange & { role: string }> = {}): Promise<User & Person> {
  const { operator = false, in: account = 'acme', role, ...membership } = given
  const user = await createUser(app.stores.db, { email: `${newId('user')}@example.com`, name: 'Somebody', password, isSuperAdmin: operator })
  if (role !== undefined) await addMember(app.stores.db, app.accounts[account].id, user.id, { role, ...membership })
  return { ...user, password }
}

const open = new WeakMap<TestApp, Map<string, Promise<Dashboard>>>()

/** The person at the dashboard: signed in once a test file. */
export function at(app: TestApp, person: Person): Promise<Dashboard> {
  const known = open.get(app) ?? new Map<string, Promise<Dashboard>>()
  open.set(app, known)
  const dashboard = known.get(person.email) ?? openDashboard(app.origin, person)
  known.set(person.email, dashboard)
  return dashboard
}

export async function memberships(app: TestApp, account: AccountName, userId: string) {
  return await app.stores.db.selectFrom('memberships').selectAll().where('account_id', '=', app.accounts[account].id).where('user_id', '=', userId).executeTakeFirst()
}

/** The newest event of a kind in the account. */
export async function lastEvent(app: TestApp, account: AccountName, event: string) {
  return await app.stores.db
    .selectFrom('audit')
    .select(['user_id', 'client_id', 'effect', 'outcome', 'input'])
    .where('account_id', '=', app.accounts[account].id)
    .where('tool', '=', event)
    .orderBy('id', 'desc')
    .executeTakeFirst()
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
