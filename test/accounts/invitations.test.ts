/** Invitations, driven from outside: one link, one use, and nobody joins by an address alone. */
import { beforeEach, describe, expect, test } from 'vitest'
import { createUser, findUserByEmail, listInvitations, setUserDisabled } from '../../src/domain/accounts/index.ts'
import type { MembersList } from '../../src/domain/administration/index.ts'
import { password } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { at, lastEvent, memberships, newPerson } from './support.ts'

let offset = 0
const app = sharedApp({ clock: () => new Date(Date.now() + offset) })
beforeEach(() => {
  offset = 0
})

let count = 0
const newEmail = () => `invited${++count}@example.com`
const owner = () => at(app, app.people.owner)
/** A link as the page shows it, as the path that it opens. */
async function invite(email: string, more: object = { role: 'analyst' }, by = app.people.owner): Promise<string> {
  const { link } = await (await at(app, by)).ok<{ link: string }>('members/invite', { account: 'acme', email, ...more })
  expect(link).toMatch(new RegExp(`^${app.origin}/invitation\\?token=[\\w-]{43}$`))
  return link.slice(app.origin.length)
}
async function open(path: string, browser = new Browser(app.origin)): Promise<{ browser: Browser; page: Page }> {
  const { page } = await browser.go(path)
  if (!page) throw new Error('left the origin')
  return { browser, page }
}
const listed = async () => (await (await owner()).ok<MembersList>('members/list', { account: 'acme' })).invitations
const newcomer = { name: 'New Comer', password, repeated: password }
const dead = { status: 404, title: 'This link does not work · Mercat' }

describe('somebody new', () => {
  test('sees who invites where and as what, chooses name and password, and is a member and signed in', async () => {
    const email = newEmail()
    const { page, browser } = await open(await invite(email, { role: 'marketer', scopesRemoved: ['create:flows'] }))
    expect(page).toMatchObject({ status: 200, title: 'Join ACME · Mercat' })
    expect(page.text).toContain('owner (owner@example.com) invites you to the account ACME')
    expect(page.text).toContain('Your role Marketer')
    expect(page.text).toContain(email)
    expect(Object.fromEntries(page.headers)).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'x-frame-options': 'DENY' })
    expect(page.html).not.toContain('<script')
    const { page: after } = await browser.submit(page, 'join', newcomer)
    expect(after?.url).toBe(`${app.origin}/a/acme`)
    const user = await findUserByEmail(app.stores.db, email)
    expect(user).toMatchObject({ name: 'New Comer', isSuperAdmin: false })
    expect(await memberships(app, 'acme', user?.id ?? '')).toMatchObject({ role: 'marketer', scopes_removed: ['create:flows'], source: 'manual' })
    const session = await (await browser.request('/api/session/current', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).json()
    expect(session).toMatchObject({ user: { email }, accounts: [{ systemName: 'acme', role: 'marketer' }] })
    expect(await lastEvent(app, 'acme', 'member.joined')).toMatchObject({ user_id: user?.id, input: { invitedBy: app.people.owner.id, role: 'marketer' } })
    await openDashboard(app.origin, { email, password })
  })

  test('is told what is wrong, keeps what they typed, and the link stays good', async () => {
    const { page, browser } = await open(await invite(newEmail()))
    const tries = [
      [{ ...newcomer, repeated: 'another long password' }, 'The two passwords are not the same.'],
      [{ ...newcomer, password: 'short', repeated: 'short' }, 'at least 12 characters'],
      [{ ...newcomer, name: ' ' }, 'name'],
    ] as const
    let current = page
    for (const [fields, problem] of tries) {
      const after = (await browser.submit(current, 'join', fields)).page as Page
      expect(after.status).toBe(400)
      expect(after.text).toContain(problem)
      current = after
    }
    expect((await browser.submit(current, 'join', newcomer)).page?.url).toBe(`${app.origin}/a/acme`)
  })

  test('is not made twice: an address that became known meanwhile signs in instead', async () => {
    const email = newEmail()
    const { page, browser } = await open(await invite(email))
    await createUser(app.stores.db, { email, name: 'Known', password })
    const after = (await browser.submit(page, 'join', newcomer)).page
    expect(after).toMatchObject({ status: 409 })
    expect(after?.forms[0]?.buttons.map(({ text }) => text)).toEqual(['Sign in'])
  })
})

describe('somebody known', () => {
  test('joins when signed in; the address decides, not its case', async () => {
    const person = await newPerson(app)
    const path = await invite(person.email.toUpperCase())
    const { browser } = await at(app, person)
    const { page } = await open(path, browser)
    expect(page.html).not.toContain('type="password"')
    expect((await browser.submit(page, 'join')).page?.url).toBe(`${app.origin}/a/acme`)
    expect(await memberships(app, 'acme', person.id)).toMatchObject({ role: 'analyst' })
  })

  test('signs in first and comes back; no password can be set by the link', async () => {
    const person = await newPerson(app)
    const path = await invite(person.email)
    const { page, browser } = await open(path)
    expect(page.html).not.toContain('type="password"')
    const signIn = (await browser.submit(page, 'switch')).page as Page
    expect(signIn.title).toMatch(/^Sign in/)
    const back = (await browser.submit(signIn, 'sign-in', { email: person.email, password })).page as Page
    expect(back.url).toBe(app.origin + path)
    expect((await browser.submit(back, 'join')).page?.url).toBe(`${app.origin}/a/acme`)
  })

  test('the link alone signs nobody in and takes no account over', async () => {
    const person = await newPerson(app)
    const { page, browser } = await open(await invite(person.email))
    const form = page.forms[0]
    const fields = { ...Object.fromEntries(form?.fields ?? []), action: 'join', ...newcomer }
    const after = await browser.go('/invitation', { method: 'POST', body: new URLSearchParams(fields), headers: { origin: app.origin } })
    expect(after.page?.status).toBe(409)
    expect(await memberships(app, 'acme', person.id)).toBeUndefined()
    await openDashboard(app.origin, person)
  })

  test('signed in as somebody else: says so, and offers the other; joining so is refused', async () => {
    const [person, other] = [await newPerson(app), await newPerson(app)]
    const path = await invite(person.email)
    const dashboard = await at(app, other)
    const { page } = await open(path, dashboard.browser)
    expect(page.text).toContain(`You are signed in as ${other.email}`)
    const fields = { ...Object.fromEntries(page.forms[0]?.fields ?? []), action: 'join' }
    const after = await dashboard.browser.go('/invitation', { method: 'POST', body: new URLSearchParams(fields), headers: { origin: app.origin } })
    expect(after.page?.status).toBe(403)
    expect(await memberships(app, 'acme', other.id)).toBeUndefined()
    const signIn = (await dashboard.browser.submit(page, 'switch')).page as Page
    expect(signIn.title).toMatch(/^Sign in/)
    expect(await dashboard.refused('session/current')).toMatchObject({ code: 'unauthenticated' })
  })
})

describe('a link that does not work looks the same, whatever the reason', () => {
  test('used, withdrawn, renewed, too old, unknown, mistyped, missing', async () => {
    const used = await invite(newEmail())
    const { page, browser } = await open(used)
    await browser.submit(page, 'join', newcomer)
    const withdrawnEmail = newEmail()
    const withdrawn = await invite(withdrawnEmail)
    await (await owner()).ok('members/withdraw', { account: 'acme', id: (await listed()).find(({ email }) => email === withdrawnEmail)?.id })
    expect(await lastEvent(app, 'acme', 'invitation.withdrawn')).toMatchObject({ user_id: app.people.owner.id, input: { email: withdrawnEmail } })
    const renewedEmail = newEmail()
    const renewed = await invite(renewedEmail)
    const newest = await invite(renewedEmail.toUpperCase())
    const texts = new Set<string>()
    for (const path of [used, withdrawn, renewed, `/invitation?token=${'A'.repeat(43)}`, '/invitation?token=x', '/invitation', `/invitation?token=${'x'.repeat(5000)}`]) {
      const { page: found } = await open(path)
      expect(found).toMatchObject(dead)
      texts.add(found.html)
    }
    expect(texts.size).toBe(1)
    expect((await open(newest)).page.status).toBe(200)
    offset = 7 * 86_400_000 + 1000
    expect((await open(newest)).page).toMatchObject(dead)
    expect(await listInvitations(app.stores.db, app.accounts.acme.id, app.stores.clock())).toEqual([])
  })

  test('a used link does nothing when its form is sent again', async () => {
    const email = newEmail()
    const { page, browser } = await open(await invite(email))
    await browser.submit(page, 'join', newcomer)
    const again = new Browser(app.origin)
    const fresh = await open('/sign-in', again)
    const csrf = fresh.page.forms[0]?.fields.get('csrf') ?? ''
    const body = new URLSearchParams({ csrf, token: page.forms[0]?.fields.get('token') ?? '', action: 'join', ...newcomer })
    expect((await again.go('/invitation', { method: 'POST', body, headers: { origin: app.origin } })).page).toMatchObject(dead)
  })

  test('what somebody left behind ends with their right to invite', async () => {
    const manager = await newPerson(app, { role: 'account_manager' })
    const paths = [await invite(newEmail(), { role: 'analyst' }, manager), await invite(newEmail(), { role: 'account_manager' }, manager)]
    for (const path of paths) expect((await open(path)).page.status).toBe(200)
    const left = async () => (await listed()).filter(({ createdBy }) => createdBy?.email === manager.email).map(({ role }) => role)
    expect(await left()).toEqual(['account_manager', 'analyst'])
    await (await owner()).ok('members/change', { account: 'acme', userId: manager.id, scopesRemoved: ['read:billing'] })
    expect((await open(paths[0] ?? '')).page.status).toBe(200)
    expect((await open(paths[1] ?? '')).page).toMatchObject(dead)
    expect(await left()).toEqual(['analyst'])
    await (await owner()).ok('members/remove', { account: 'acme', userId: manager.id })
    expect((await open(paths[0] ?? '')).page).toMatchObject(dead)
    const second = await newPerson(app, { role: 'owner' })
    const path = await invite(newEmail(), { role: 'owner' }, second)
    await setUserDisabled(app.stores.db, second.id, true, new Date())
    expect((await open(path)).page).toMatchObject(dead)
    // Gone with another account that was deleted: the invitation is not the operator's then.
    const third = await newPerson(app, { role: 'owner' })
    const orphan = await invite(newEmail(), { role: 'owner' }, third)
    await app.stores.db.deleteFrom('users').where('id', '=', third.id).execute()
    expect((await open(orphan)).page).toMatchObject(dead)
  })
})

describe('inviting', () => {
  test('in place of an open invitation needs the right to withdraw that one', async () => {
    const manager = await newPerson(app, { role: 'account_manager' })
    const email = newEmail()
    const path = await invite(email, { role: 'owner' })
    expect(await (await at(app, manager)).refused('members/invite', { account: 'acme', email: email.toUpperCase(), role: 'read_only' })).toMatchObject({ status: 403 })
    expect((await open(path)).page.status).toBe(200)
  })

  test('is listed without the link, told once, and audited without it', async () => {
    const email = newEmail()
    const path = await invite(email, { role: 'analyst', scopesAdded: ['read:billing'] })
    const [invitation] = await listed()
    expect(invitation).toMatchObject({ email, role: 'analyst', scopesAdded: ['read:billing'], createdBy: { email: 'owner@example.com' } })
    const token = path.split('=')[1] ?? ''
    const event = await lastEvent(app, 'acme', 'member.invited')
    expect(event).toMatchObject({ input: { email, invitation: invitation?.id } })
    expect(JSON.stringify([await listed(), event, await app.stores.db.selectFrom('links').selectAll().execute()])).not.toContain(token)
  })

  test('a member is a conflict, whatever the case of the address; nonsense is named', async () => {
    const refusals = [
      [
        { email: 'ANALYST@example.com', role: 'analyst' },
        { status: 409, code: 'conflict', argument: 'email' },
      ],
      [
        { email: 'no address', role: 'analyst' },
        { status: 400, code: 'invalid_arguments', argument: 'email' },
      ],
      [
        { email: 'a@example.com\r\nBcc: b@example.com', role: 'analyst' },
        { status: 400, code: 'invalid_arguments' },
      ],
      [{ email: newEmail(), role: 'boss' }, { code: 'unknown_value' }],
      [{ email: newEmail() }, { code: 'invalid_arguments' }],
      [{ email: newEmail(), role: 'analyst', userId: 'usr_1' }, { code: 'invalid_arguments' }],
    ] as const
    for (const [input, refusal] of refusals) expect(await (await owner()).refused('members/invite', { account: 'acme', ...input })).toMatchObject(refusal)
  })

  test('another account’s invitation cannot be withdrawn', async () => {
    await invite(newEmail())
    const stranger = await at(app, app.people.stranger)
    expect(await stranger.refused('members/withdraw', { account: 'globex', id: (await listed())[0]?.id })).toMatchObject({ status: 404 })
    expect((await listed()).length).toBeGreaterThan(0)
  })
})

describe('the form', () => {
  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }, {}, 403],
    ['another origin', { origin: 'https://evil.example' }, {}, 403],
    ['no token of this browser', {}, { csrf: '' }, 403],
    ['an action that is none', {}, { action: 'own' }, 400],
  ])('%s: refused', async (_, headers, fields, status) => {
    const { page, browser } = await open(await invite(newEmail()))
    const body = new URLSearchParams({ ...Object.fromEntries(page.forms[0]?.fields ?? []), action: 'join', ...newcomer, ...fields })
    const response = await browser.request('/invitation', { method: 'POST', body, headers: { origin: app.origin, 'sec-fetch-site': 'same-origin', ...headers } })
    expect(response.status).toBe(status)
  })

  test('a form of another browser is refused', async () => {
    const { page } = await open(await invite(newEmail()))
    const body = new URLSearchParams({ ...Object.fromEntries(page.forms[0]?.fields ?? []), action: 'join', ...newcomer })
    const other = (await open('/sign-in')).browser
    expect((await other.request('/invitation', { method: 'POST', body, headers: { origin: app.origin } })).status).toBe(403)
  })
})

test('too many requests from one address wait', async () => {
  const statuses = new Set<number>()
  for (let tries = 0; tries < 250 && !statuses.has(429); tries++) statuses.add((await fetch(`${app.origin}/invitation?token=${'A'.repeat(43)}`)).status)
  expect([...statuses]).toEqual([404, 429])
})
