import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openOperational, type OperationalStore } from '../../storage/operational/open.ts'
import {
  type AccessChange,
  accessChannel,
  addMember,
  authenticate,
  createAccount,
  createUser,
  findAccount,
  findUserByEmail,
  getAccount,
  listAccess,
  listMembers,
  onAccessChange,
  readSettings,
  removeMember,
  setMcp,
  setMember,
  setPassword,
  setUserDisabled,
  updateSettings,
} from './index.ts'
import { hashPassword, verifyPassword } from './passwords.ts'

let folder: string
let store: OperationalStore
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-accounts-'))
  store = await openOperational({ engine: 'pglite', folder })
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const good = { systemName: 'acme', name: 'Acme', timeZone: 'Europe/Berlin', currency: 'EUR' }
const password = 'a long enough password'

test('an account begins with MCP off; its name is taken once', async () => {
  const account = await createAccount(store.db, good)
  expect(account).toMatchObject({ systemName: 'acme', mcpEnabled: false })
  await expect(createAccount(store.db, good)).rejects.toMatchObject({ code: 'conflict' })
  expect(await findAccount(store.db, 'acme')).toEqual(account)
  expect(await findAccount(store.db, 'ACME')).toBeUndefined()
  await expect(getAccount(store.db, 'acmee')).rejects.toMatchObject({ code: 'not_found', details: { nearest: ['acme'] } })
  await setMcp(store.db, account.id, true)
  expect((await findAccount(store.db, 'acme'))?.mcpEnabled).toBe(true)
})

test.each([
  ['systemName', { systemName: 'A' }],
  ['systemName', { systemName: 'ab' }],
  ['systemName', { systemName: '-abc' }],
  ['systemName', { systemName: 'x'.repeat(41) }],
  ['name', { name: ' ' }],
  ['timeZone', { timeZone: 'Mars/Olympus' }],
  ['currency', { currency: 'euro' }],
])('%s of %o is refused', async (argument, wrong) => {
  await expect(createAccount(store.db, { ...good, ...wrong })).rejects.toMatchObject({ code: 'invalid_arguments', details: { argument } })
})

test('settings change one by one, strictly, with defaults filled in', async () => {
  const account = await createAccount(store.db, { ...good, systemName: 'settings' })
  expect((await readSettings(store.db, account.id)).privacyFloor).toBe(10)
  expect((await updateSettings(store.db, account.id, { privacyFloor: 3 })).privacyFloor).toBe(3)
  expect(await updateSettings(store.db, account.id, { retentionDays: 7 })).toMatchObject({ privacyFloor: 3, retentionDays: 7 })
  await expect(updateSettings(store.db, account.id, { privacyFloor: -1 })).rejects.toMatchObject({ code: 'invalid_arguments', details: { argument: 'privacyFloor' } })
  await expect(updateSettings(store.db, account.id, { floor: 1 } as never)).rejects.toMatchObject({ code: 'invalid_arguments' })
})

test('people sign in by e-mail in any case and by exactly their password', async () => {
  const user = await createUser(store.db, { email: 'Ada@Example.com', name: 'Ada', password })
  await expect(createUser(store.db, { email: 'ada@example.COM', name: 'Ada', password })).rejects.toMatchObject({ code: 'conflict' })
  await expect(createUser(store.db, { email: 'short@example.com', name: 'x', password: 'short' })).rejects.toMatchObject({ code: 'invalid_arguments' })
  expect(await findUserByEmail(store.db, ' ada@example.com ')).toEqual(user)
  expect(await authenticate(store.db, 'ADA@example.com', password)).toMatchObject({ user })
  for (const wrong of ['', 'a long enough Password', `${password} `, 'x'.repeat(10_000)]) expect(await authenticate(store.db, 'ada@example.com', wrong)).toBeUndefined()
  expect(await authenticate(store.db, 'nobody@example.com', password)).toBeUndefined()
  await setPassword(store.db, user.id, 'another long password')
  expect(await authenticate(store.db, 'ada@example.com', password)).toBeUndefined()
  await setUserDisabled(store.db, user.id, true, new Date())
  expect(await authenticate(store.db, 'ada@example.com', 'another long password')).toBeUndefined()
})

test('a hash is argon2id with a salt of its own; the same characters are the same password', async () => {
  const [one, two] = await Promise.all([hashPassword('cafe\u0301 au lait, noir'), hashPassword('cafe\u0301 au lait, noir')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(two)
  expect(await verifyPassword('caf\u00e9 au lait, noir', one)).toBe(true)
  expect(await verifyPassword('cafe au lait, noir', one)).toBe(false)
  for (const broken of ['', '$argon2id$', one.replace('argon2id', 'argon2i'), null, undefined]) expect(await verifyPassword('caf\u00e9 au lait, noir', broken)).toBe(false)
})

test('members: roles, scopes and restrictions, each change announced here and to other processes', async () => {
  const { db } = store
  const account = await createAccount(db, { ...good, systemName: 'members' })
  const user = await createUser(db, { email: 'member@example.com', name: 'Member' })
  const here: AccessChange[] = []
  const there: AccessChange[] = []
  const stop = onAccessChange(db, (change) => here.push(change))
  const stopListening = await store.listen(accessChannel, (payload) => there.push(JSON.parse(payload) as AccessChange))
  await addMember(db, account.id, user.id, { role: 'analyst' })
  await expect(addMember(db, account.id, user.id, { role: 'owner' })).rejects.toMatchObject({ code: 'conflict' })
  await expect(setMember(db, account.id, user.id, { role: 'analist' })).rejects.toMatchObject({ code: 'unknown_value', details: { nearest: ['analyst'] } })
  await expect(setMember(db, account.id, user.id, { scopesAdded: ['read:everything'] })).rejects.toMatchObject({ code: 'unknown_value' })
  await expect(setMember(db, account.id, user.id, {})).rejects.toMatchObject({ code: 'invalid_arguments' })
  await setMember(db, account.id, user.id, { scopesAdded: ['create:campaigns'], scopesRemoved: ['read:flows'], brands: ['brd_1'] })
  const [access] = await listAccess(db, user.id)
  expect(access).toMatchObject({ account: { systemName: 'members' }, role: 'analyst', organizations: null, brands: ['brd_1'] })
  expect([access?.scopes.has('create:campaigns'), access?.scopes.has('read:flows'), access?.scopes.has('read:mcp')]).toEqual([true, false, true])
  expect(await listMembers(db, account.id)).toMatchObject([{ email: 'member@example.com', role: 'analyst', scopesAdded: ['create:campaigns'] }])
  await removeMember(db, account.id, user.id)
  await expect(removeMember(db, account.id, user.id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await listAccess(db, user.id)).toEqual([])
  expect(here).toEqual(Array(3).fill({ account: account.id, user: user.id }))
  await expect.poll(() => there).toEqual(here)
  stop()
  await stopListening()
})

test('a platform operator has every account; a disabled one none', async () => {
  const operator = await createUser(store.db, { email: 'root@example.com', name: 'Root', isSuperAdmin: true })
  const all = await listAccess(store.db, operator.id)
  expect(all.map(({ account }) => account.systemName).sort()).toEqual(['acme', 'members', 'settings'])
  expect(all[0]?.role).toBe('super_admin')
  await setUserDisabled(store.db, operator.id, true, new Date())
  expect(await listAccess(store.db, operator.id)).toEqual([])
})
