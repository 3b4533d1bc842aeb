/** Changes of members at the same instant, on a real PostgreSQL: whatever the order, the account keeps an owner and a link is used once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInvitations, createMembers } from '../../src/domain/administration/index.ts'
import { dashboardPrincipal, listAccess, type User } from '../../src/domain/accounts/index.ts'
import { startApp, type TestApp } from '../app.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { at, newPerson } from './support.ts'

let postgres: TestPostgres
let app: TestApp
beforeAll(async () => {
  postgres = await startPostgres()
  app = await startApp({ env: { MERCAT_DATABASE_URL: await postgres.database(), MERCAT_SECRET: 'a secret of the test installation, long enough' } })
})
afterAll(async () => {
  await app?.close()
  await postgres?.stop()
})

/** The service of a person, bound as a request binds it: what they may do was read before. */
async function membersOf(user: Pick<User, 'id'>, account = 'globex') {
  const [access] = await listAccess(app.stores.db, user.id, account)
  if (!access) throw new Error('no member')
  return createMembers(app.stores)(dashboardPrincipal(user.id, access))
}
const owners = async () => await app.stores.db.selectFrom('memberships').select('user_id').where('account_id', '=', app.accounts.globex.id).where('role', '=', 'owner').execute()
const settled = async (work: Promise<unknown>[]) => (await Promise.allSettled(work)).map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as { code?: string }).code))

test('eight owners who unmake and remove each other at once leave one', async () => {
  await app.stores.db.deleteFrom('memberships').where('account_id', '=', app.accounts.globex.id).execute()
  for (let round = 0; round < 4; round++) {
    const people = await Promise.all(Array.from({ length: 8 }, () => newPerson(app, { in: 'globex', role: 'owner' })))
    const services = await Promise.all(people.map((person) => membersOf(person)))
    const others = await owners()
    const next = (index: number) => people[(index + 1) % people.length]?.id ?? ''
    const outcomes = await settled(
      services.flatMap((members, index) => [index % 2 ? members.remove(next(index)) : members.change(next(index), { role: 'analyst' }), members.remove(people[index]?.id ?? '')]),
    )
    expect(outcomes).not.toContain(undefined)
    expect((await owners()).length).toBeGreaterThanOrEqual(1)
    // From the second round on, whoever was left stays an owner: all of this round may go.
    expect(others.length).toBe(round === 0 ? 8 : 8 + 1)
    for (const { user_id } of (await owners()).slice(1)) await app.stores.db.deleteFrom('memberships').where('user_id', '=', user_id).execute()
  }
})

test('two owners who unmake each other: one is done, the other has lost the right to', async () => {
  await app.stores.db.deleteFrom('memberships').where('account_id', '=', app.accounts.globex.id).execute()
  const [one, two] = [await newPerson(app, { in: 'globex', role: 'owner' }), await newPerson(app, { in: 'globex', role: 'owner' })]
  const [first, second] = [await membersOf(one), await membersOf(two)]
  const outcomes = await settled([first.change(two.id, { role: 'analyst' }), second.change(one.id, { role: 'analyst' })])
  expect(outcomes.sort()).toEqual(['done', 'missing_scopes'])
  expect(await owners()).toHaveLength(1)
})

test('two owners who leave at once through the running server: one stays', async () => {
  await app.stores.db.deleteFrom('memberships').where('account_id', '=', app.accounts.globex.id).execute()
  const people = [await newPerson(app, { in: 'globex', role: 'owner' }), await newPerson(app, { in: 'globex', role: 'owner' })]
  const leaving = await Promise.all(people.map(async (person) => ({ dashboard: await at(app, person), userId: person.id })))
  const answers = await Promise.all(leaving.map(({ dashboard, userId }) => dashboard.call('members/remove', { account: 'globex', userId })))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  expect(await owners()).toHaveLength(1)
})

test('an invitation taken eight times at once makes one member; withdrawn or renewed meanwhile, none or one', async () => {
  const members = await membersOf(app.people.owner, 'acme')
  const invitations = createInvitations(app.stores)
  const joined = async (email: string) => await app.stores.db.selectFrom('users').select('id').where('email', '=', email).execute()
  const { token } = await members.invite({ email: 'eight@example.com', role: 'analyst' })
  const accepted = await Promise.all(
    Array.from({ length: 8 }, () => invitations.accept(token, { name: 'Eight', password: 'a long enough password' }).catch((error: { code: string }) => error.code)),
  )
  expect(accepted.filter((one) => typeof one === 'object')).toHaveLength(1)
  expect(accepted.filter((one) => one === undefined)).toHaveLength(7)
  expect(await joined('eight@example.com')).toHaveLength(1)

  for (let round = 0; round < 5; round++) {
    const email = `race${round}@example.com`
    const made = await members.invite({ email, role: 'analyst' })
    const { id } = (await members.list()).invitations.find((one) => one.email === email) ?? { id: '' }
    const outcomes = await settled([
      invitations.accept(made.token, { name: 'Race', password: 'a long enough password' }),
      round % 2 ? members.withdraw(id) : members.invite({ email, role: 'marketer' }),
      invitations.accept(made.token, { name: 'Race', password: 'a long enough password' }),
    ])
    // No deadlock, no half: each is done or says in our words why not.
    for (const outcome of outcomes) expect(['done', 'not_found', 'conflict']).toContain(outcome)
    expect((await joined(email)).length).toBeLessThanOrEqual(1)
  }
})
