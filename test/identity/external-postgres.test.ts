/** What must happen once at the external way in and at passkeys, asked for many times at once on a real PostgreSQL with several connections. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { createAccount, createUser, findUserByEmail, listMembers } from '../../src/domain/accounts/index.ts'
import { deriveSecrets } from '../../src/identity/secrets.ts'
import { createChallenges } from '../../src/identity/sign-in/challenges-repository.ts'
import { createRecognise, type Recognised } from '../../src/identity/sign-in/external-people.ts'
import { insertPasskey, listPasskeys, notePasskeyUse } from '../../src/identity/sign-in/passkeys-repository.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'

let postgres: TestPostgres
let store: OperationalStore
beforeAll(async () => {
  postgres = await startPostgres()
  store = await openOperational({ engine: 'postgres', url: await postgres.database() })
  for (const systemName of ['acme', 'globex']) await createAccount(store.db, { systemName, name: systemName, timeZone: 'UTC', currency: 'EUR' })
})
afterAll(async () => {
  await store?.close()
  await postgres?.stop()
})

const clock = () => new Date()
const times = <Answer>(count: number, make: (index: number) => Promise<Answer>) => Promise.all(Array.from({ length: count }, (_, index) => make(index)))

test('eight first sign-ins of one person at once make one person with one membership in each account, joined once', async () => {
  const { db } = store
  const groups = {
    Marketing: [
      { account: 'acme', role: 'marketer' as const },
      { account: 'globex', role: 'analyst' as const },
    ],
  }
  const recognise = createRecognise({ db, clock, log: createLog('silent', 'silent'), groups })
  const arrived = { issuer: 'https://id.example', subject: 'ada', verifiedEmail: 'ada@corp.example', name: 'Ada', groups: ['Marketing'], provedAt: undefined }
  const found: Recognised[] = await times(8, () => recognise(arrived))
  const user = await findUserByEmail(db, 'ada@corp.example')
  expect(new Set(found.map((one) => one.user?.id))).toEqual(new Set([user?.id]))
  const accounts = await db.selectFrom('accounts').select(['id', 'system_name']).execute()
  for (const { id } of accounts) expect(await listMembers(db, id)).toMatchObject([{ email: 'ada@corp.example', source: 'directory' }])
  expect((await db.selectFrom('audit').select('tool').where('effect', '=', 'access').execute()).map(({ tool }) => tool)).toEqual(['member.joined', 'member.joined'])
  // Groups that change while they sign in everywhere at once end in what one of the sign-ins said, never in a mixture or an error.
  await times(8, (index) => recognise({ ...arrived, groups: index % 2 ? [] : ['Marketing'] }))
  const left = await db.selectFrom('memberships').select('account_id').execute()
  expect([0, 2]).toContain(left.length)
})

test('of ten answers to one challenge, one finds it', async () => {
  const challenges = createChallenges(store.db, deriveSecrets('a secret of the test installation, long enough'), clock)
  const id = await challenges.make('external.sign_in', 'this browser', { nonce: 'n' })
  const taken = await times(10, () => challenges.take('external.sign_in', 'this browser', id))
  expect(taken.filter((content) => content !== undefined)).toEqual([{ nonce: 'n' }])
  const kept = await challenges.make('passkey.add', 'this session', { user: 'usr_planted' })
  const rows = JSON.stringify(await store.db.selectFrom('challenges').selectAll().execute())
  for (const secret of [kept, 'usr_planted', 'this session']) expect(rows).not.toContain(secret)
  expect(await challenges.take('passkey.sign_in', 'this session', kept)).toBeUndefined()
  expect(await challenges.take('passkey.add', 'another session', kept)).toBeUndefined()
})

test('a limit of passkeys holds for additions at once; of two uses with one count, one counts', async () => {
  const { db } = store
  const user = await createUser(db, { email: 'keys@corp.example', name: 'Keys' })
  const passkey = (id: string) => ({ id, userId: user.id, name: id, publicKey: new Uint8Array([1]), counter: 0, transports: ['internal'], backedUp: false, createdAt: clock() })
  const added = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => insertPasskey(db, passkey(`key-${index}`), 3)))
  expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  const [first] = await listPasskeys(db, user.id)
  const id = first?.id ?? ''
  const other = await createUser(db, { email: 'other@corp.example', name: 'Other' })
  await expect(insertPasskey(db, { ...passkey(id), userId: other.id }, 3)).rejects.toMatchObject({ code: 'conflict' })
  expect((await times(5, () => notePasskeyUse(db, id, 7, false, clock()))).filter(Boolean)).toHaveLength(1)
  expect(await notePasskeyUse(db, id, 0, false, clock())).toBe(false)
})
