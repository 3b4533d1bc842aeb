/** Passkeys with a real Chromium's virtual authenticator against a real Mercat on localhost: added, used, renamed, removed; and every answer that must not sign in. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { setUserDisabled } from '../../src/domain/accounts/index.ts'
import type { PersonName } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { expectAccessible, type Profile, screenshot, sharedChromium, signIn } from '../browser/chromium.ts'
import { Browser } from '../clients/browser.ts'
import { Dashboard, openDashboard } from '../clients/dashboard.ts'
import { authorizationUrl, connect, newPkce, registerApp } from '../clients/oauth.ts'

interface Assertion {
  id: string
  rawId: string
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle: string }
  [member: string]: unknown
}

const openProfile = sharedChromium()
const mercat = sharedApp({ localhost: true, clock: () => new Date(Date.now() + offset) })
let offset = 0
/** A page of another origin with the same host name: browsers let it use the same passkeys. */
let neighbour: Server
beforeAll(async () => {
  neighbour = createServer((_req, res) => res.setHeader('content-type', 'text/html').end('<title>neighbour</title>'))
  await new Promise<void>((done) => neighbour.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  neighbour?.close()
})

/** A browser with an authenticator of its own, which says yes at once. */
interface Device {
  readonly profile: Profile
  readonly page: Page
  readonly cdp: CDPSession
  readonly authenticatorId: string
}

async function openDevice(options: { transport?: 'internal' | 'usb'; javaScriptEnabled?: boolean } = {}): Promise<Device> {
  const profile = await openProfile({ javaScriptEnabled: options.javaScriptEnabled ?? true })
  const cdp = await profile.context.newCDPSession(profile.page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: options.transport ?? 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { profile, page: profile.page, cdp, authenticatorId }
}

/** What the browser's WebAuthn gives for options as JSON. */
async function ask<Answer>({ page }: Pick<Device, 'page'>, kind: 'create' | 'get', options: unknown): Promise<Answer> {
  const parse = kind === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON'
  const script = `navigator.credentials.${kind}({ publicKey: PublicKeyCredential.${parse}(${JSON.stringify(options)}) }).then((credential) => JSON.stringify(credential.toJSON()))`
  return JSON.parse(await page.evaluate<string>(script)) as Answer
}

/** Adds a passkey for the person, as the dashboard does. @returns its id */
async function addPasskey(device: Device, dashboard: Dashboard, name = 'My laptop'): Promise<string> {
  await device.page.goto(mercat.at('/sign-in'))
  const { options } = await dashboard.ok<{ options: unknown }>('passkeys/begin')
  const response = await ask(device, 'create', options)
  return (await dashboard.ok<{ id: string }>('passkeys/finish', { response, name })).id
}

/** A browser at the sign-in page, as seen from outside: what it sends is up to the test. */
async function door(browser = new Browser(mercat.origin)) {
  const page = (await browser.go('/sign-in?return_to=/healthz')).page
  const form = page?.forms.find(({ action }) => action === '/sign-in/passkey')
  if (!form) throw new Error('The sign-in page offers no passkeys')
  const post = (fields: Record<string, string>) => {
    const body = new URLSearchParams(form.fields)
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    return browser.request('/sign-in/passkey', { method: 'POST', body, headers: { origin: mercat.origin, 'sec-fetch-site': 'same-origin' } })
  }
  return {
    browser,
    post,
    options: async () => (await (await post({})).json()) as { challenge: string; userVerification: string; allowCredentials?: unknown[]; rpId: string },
    answer: (assertion: unknown) => post({ assertion: typeof assertion === 'string' ? assertion : JSON.stringify(assertion) }),
  }
}

/** The refusal that all wrong answers get: the same page, and no session. */
async function expectRefused(response: Response, browser: Browser): Promise<void> {
  expect(response.status).toBe(401)
  expect(await response.text()).toContain('This passkey does not sign in here.')
  expect((await new Dashboard(browser).call('session/current')).status).toBe(401)
}

const person = (name: PersonName) => mercat.people[name]
const stored = (userId: string) => mercat.stores.db.selectFrom('passkeys').selectAll().where('user_id', '=', userId).execute()

test('MERCAT_PUBLIC_URL=http://localhost:… works as a whole: pages, dashboard and an app’s OAuth', async () => {
  const { tokens } = await connect({ origin: mercat.origin, resource: mercat.at('/c/acme'), person: person('analyst') })
  expect(tokens.access_token).toBeTruthy()
  const status = await (await openDashboard(mercat.origin, person('analyst'))).ok('security/status')
  expect(status.passkeysPossible).toEqual({ ok: true })
})

test('who opens the machine by its other name is sent to the one that passkeys, cookies and forms belong to', async () => {
  const elsewhere = `http://127.0.0.1:${mercat.port}`
  const answer = await fetch(`${elsewhere}//evil.example/sign-in?return_to=/x`, { headers: { accept: 'text/html' }, redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([307, `${mercat.origin}//evil.example/sign-in?return_to=/x`])
  const client = await fetch(`${elsewhere}/.well-known/oauth-authorization-server`)
  expect(await client.json()).toMatchObject({ issuer: mercat.origin })
})

test('a person adds a passkey, signs out, signs in with it, renames and removes it; then it is refused', async () => {
  const device = await openDevice()
  const { page, profile } = device
  const dashboard = await openDashboard(mercat.origin, person('owner'))
  const id = await addPasskey(device, dashboard)
  expect((await dashboard.ok<{ passkeys: unknown[] }>('security/status')).passkeys).toMatchObject([{ id, name: 'My laptop', lastUsedAt: null, backedUp: false }])

  await page.goto(mercat.at('/sign-in?return_to=/sign-out'))
  await page.waitForSelector('#passkey:not([hidden])')
  await expectAccessible(page)
  await screenshot(page, 'sign-in-passkey')
  await page.click('#passkey button')
  await page.waitForURL((url) => url.pathname === '/sign-out')
  expect(await page.textContent('body')).toContain('owner@example.com')
  const { sessions, passkeys } = await dashboard.ok<{ sessions: { methods: string[] }[]; passkeys: { lastUsedAt: string | null }[] }>('security/status')
  expect(sessions[0]?.methods).toEqual(['hwk'])
  expect(passkeys[0]?.lastUsedAt).not.toBeNull()
  await page.click('button.primary')

  await dashboard.ok('passkeys/rename', { id, name: '  Work laptop ' })
  expect((await dashboard.ok<{ passkeys: unknown[] }>('security/status')).passkeys).toMatchObject([{ id, name: 'Work laptop' }])
  await dashboard.ok('passkeys/remove', { id })
  expect(await stored(person('owner').id)).toEqual([])
  const events = mercat.stores.db.selectFrom('audit').select('tool').distinct().where('user_id', '=', person('owner').id).where('effect', '=', 'access').orderBy('tool')
  expect(await events.execute()).toEqual([{ tool: 'passkey.added' }, { tool: 'passkey.removed' }])
  profile.expectComplaint(/status of 401/)
  await page.goto(mercat.at('/sign-in'))
  await page.click('#passkey button')
  await page.waitForSelector('#problem')
  expect(await page.textContent('#problem')).toContain('This passkey does not sign in here.')
  await profile.close()
})

test('an app’s request goes on to consent after a passkey', async () => {
  const device = await openDevice()
  await addPasskey(device, await openDashboard(mercat.origin, person('both')))
  const app = await registerApp(mercat.origin)
  await device.page.goto(authorizationUrl(mercat.origin, app, mercat.at('/c/acme'), newPkce()))
  await device.page.click('#passkey button')
  await device.page.waitForSelector('button[value=allow]')
  expect(await device.page.textContent('body')).toContain('Test app')
  await device.profile.close()
})

test('who has no passkey here, or cancels, reads what to do and can sign in by password', async () => {
  const device = await openDevice()
  await device.page.goto(mercat.at('/sign-in'))
  await device.page.click('#passkey button')
  await device.page.waitForSelector('#passkey-problem:not(:empty)')
  expect(await device.page.textContent('#passkey-problem')).toBe('No passkey was used. Try again, or sign in another way.')
  await signIn(device.page, mercat.origin, person('analyst'), '/sign-out')
  await device.profile.close()
})

test('without JavaScript the page is as it was', async () => {
  const { page, profile } = await openDevice({ javaScriptEnabled: false })
  await page.goto(mercat.at('/sign-in'))
  expect(await page.isVisible('#passkey')).toBe(false)
  expect(await page.isVisible('.or')).toBe(false)
  expect(await page.isVisible('button[value=sign-in]')).toBe(true)
  await profile.close()
})

describe('answers that sign nobody in', () => {
  let device: Device
  let id: string
  const owner = () => person('stranger')
  beforeAll(async () => {
    device = await openDevice()
    id = await addPasskey(device, await openDashboard(mercat.origin, owner()))
  })
  afterAll(async () => await device?.profile.close())
  beforeEach(async () => {
    offset = 0
    await device.page.goto(mercat.at('/sign-in'))
  })

  test('a right one does, once: a replayed assertion is refused', async () => {
    const at = await door()
    const options = await at.options()
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' })
    expect(options.allowCredentials).toBeUndefined()
    const assertion = await ask<Assertion>(device, 'get', options)
    const done = await at.answer(assertion)
    expect([done.status, done.headers.get('location')]).toEqual([303, '/healthz'])
    expect((await new Dashboard(at.browser).call('session/current')).status).toBe(200)
    const again = await door()
    await expectRefused(await again.answer(assertion), again.browser)
  })

  test('the challenge of another browser', async () => {
    const [one, two] = [await door(), await door()]
    const assertion = await ask<Assertion>(device, 'get', await one.options())
    await expectRefused(await two.answer(assertion), two.browser)
    // It was used up by that.
    await expectRefused(await one.answer(assertion), one.browser)
  })

  test('a challenge that nobody gave, and one that is five minutes old', async () => {
    const at = await door()
    const options = await at.options()
    await expectRefused(await at.answer(await ask(device, 'get', { ...options, challenge: Buffer.alloc(32, 7).toString('base64url') })), at.browser)
    offset = 5 * 60_000 + 1000
    await expectRefused(await at.answer(await ask(device, 'get', options)), at.browser)
  })

  test('a page of another origin with the same host name', async () => {
    const at = await door()
    const options = await at.options()
    await device.page.goto(`http://localhost:${(neighbour.address() as AddressInfo).port}/`)
    await expectRefused(await at.answer(await ask(device, 'get', options)), at.browser)
  })

  test('without user verification', async () => {
    const at = await door()
    await device.cdp.send('WebAuthn.setUserVerified', { authenticatorId: device.authenticatorId, isUserVerified: false })
    try {
      const assertion = await ask<Assertion>(device, 'get', { ...(await at.options()), userVerification: 'discouraged' })
      await expectRefused(await at.answer(assertion), at.browser)
    } finally {
      await device.cdp.send('WebAuthn.setUserVerified', { authenticatorId: device.authenticatorId, isUserVerified: true })
    }
  })

  test('another person’s credential id, or another person’s name in it', async () => {
    const mine = await openDevice()
    const own = await addPasskey(mine, await openDashboard(mercat.origin, person('marketer')))
    const at = await door()
    const assertion = await ask<Assertion>(mine, 'get', await at.options())
    await expectRefused(await at.answer({ ...assertion, id, rawId: id }), at.browser)
    const foreign = Buffer.from(owner().id).toString('base64url')
    const named = await ask<Assertion>(mine, 'get', await at.options())
    await expectRefused(await at.answer({ ...named, id, rawId: id, response: { ...named.response, userHandle: foreign } }), at.browser)
    const handle = await ask<Assertion>(mine, 'get', await at.options())
    await expectRefused(await at.answer({ ...handle, response: { ...handle.response, userHandle: foreign } }), at.browser)
    expect(own).not.toBe(id)
    await mine.profile.close()
  })

  test.each<[string, (assertion: Assertion) => unknown]>([
    ['an unknown credential', (one) => ({ ...one, id: 'AAAA', rawId: 'AAAA' })],
    ['a changed signature', (one) => ({ ...one, response: { ...one.response, signature: Buffer.alloc(70, 1).toString('base64url') } })],
    ['changed authenticator data', (one) => ({ ...one, response: { ...one.response, authenticatorData: Buffer.alloc(37, 255).toString('base64url') } })],
    ['no user handle', ({ response: { userHandle: _, ...response }, ...one }) => ({ ...one, response })],
    ['the answer of an addition', (one) => ({ ...one, response: { ...one.response, clientDataJSON: clientData({ type: 'webauthn.create' }) } })],
    ['client data that are no JSON', (one) => ({ ...one, response: { ...one.response, clientDataJSON: 'AAAA' } })],
    ['no JSON', () => '{"id":'],
    ['another kind of thing', () => [1, 'two', null]],
    ['text that is too long', (one) => ({ ...one, id: 'A'.repeat(5000) })],
  ])('%s', async (_what, spoil) => {
    const at = await door()
    await expectRefused(await at.answer(spoil(await ask<Assertion>(device, 'get', await at.options()))), at.browser)
  })
  const clientData = (more: object) => Buffer.from(JSON.stringify({ type: 'webauthn.get', origin: mercat.origin, challenge: 'x', ...more })).toString('base64url')

  test('WebAuthn 7.2 step 22: a counter that does not grow, as a copied authenticator has it', async () => {
    const { db } = mercat.stores
    const before = Number((await stored(owner().id))[0]?.counter)
    expect(before).toBeGreaterThan(0)
    await db.updateTable('passkeys').set({ counter: 1_000_000 }).where('id', '=', id).execute()
    const at = await door()
    await expectRefused(await at.answer(await ask(device, 'get', await at.options())), at.browser)
    await db.updateTable('passkeys').set({ counter: before }).where('id', '=', id).execute()
    expect((await at.answer(await ask(device, 'get', await at.options()))).status).toBe(303)
  })

  test('a disabled person', async () => {
    await setUserDisabled(mercat.stores.db, owner().id, true, new Date())
    const at = await door()
    await expectRefused(await at.answer(await ask(device, 'get', await at.options())), at.browser)
    await setUserDisabled(mercat.stores.db, owner().id, false, new Date())
  })

  test('a form without the token of its browser', async () => {
    const at = await door()
    for (const fields of [{ csrf: '' }, { csrf: 'x', assertion: '{}' }]) expect((await at.post(fields)).status).toBe(403)
  })
})

describe('adding', () => {
  let device: Device
  let dashboard: Dashboard
  beforeAll(async () => {
    device = await openDevice()
    dashboard = await openDashboard(mercat.origin, person('reader'))
    await device.page.goto(mercat.at('/sign-in'))
  })
  afterAll(async () => await device?.profile.close())
  beforeEach(() => {
    offset = 0
  })

  const begin = async (by = dashboard) => (await by.ok<{ options: Record<string, unknown> & { excludeCredentials: unknown[] } }>('passkeys/begin')).options

  test('asks for a discoverable, unlocked passkey, and not for a second one beside those that are there', async () => {
    const options = await begin()
    expect(options).toMatchObject({ rp: { id: 'localhost' }, attestation: 'none', authenticatorSelection: { residentKey: 'required', userVerification: 'required' } })
    const response = await ask(device, 'create', options)
    const { id } = await dashboard.ok<{ id: string }>('passkeys/finish', { response, name: 'One' })
    expect((await begin()).excludeCredentials).toMatchObject([{ id }])
    await expect(ask(device, 'create', await begin())).rejects.toThrow(/InvalidStateError/)
  })

  test('an answer counts once, in the session that asked, for the person who asked', async () => {
    const other = await openDevice()
    await other.page.goto(mercat.at('/sign-in'))
    const second = await openDashboard(mercat.origin, person('reader'))
    const stranger = await openDashboard(mercat.origin, person('analyst'))
    for (const thief of [second, stranger]) {
      const response = await ask(other, 'create', await begin())
      expect(await thief.refused('passkeys/finish', { response, name: 'Stolen' })).toMatchObject({ code: 'invalid_arguments' })
      expect(await dashboard.refused('passkeys/finish', { response, name: 'Used up' })).toMatchObject({ code: 'invalid_arguments' })
    }
    // A question of the sign-in page is none of this one.
    const { challenge } = await (await door()).options()
    const response = await ask(other, 'create', { ...(await begin()), challenge })
    expect(await dashboard.refused('passkeys/finish', { response, name: 'Mixed up' })).toMatchObject({ code: 'invalid_arguments' })
    expect(await stored(person('analyst').id)).toEqual([])
    await other.profile.close()
  })

  test('input is bounded', async () => {
    for (const name of ['', ' ', 'x'.repeat(61), 'a\nb', 7]) expect(await dashboard.refused('passkeys/finish', { response: {}, name })).toMatchObject({ code: 'invalid_arguments' })
    for (const response of [{}, { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' } }]) {
      expect(await dashboard.refused('passkeys/finish', { response, name: 'x' })).toMatchObject({ code: 'invalid_arguments' })
    }
    expect(await dashboard.refused('passkeys/begin', {}, { 'x-mercat-csrf': undefined })).toMatchObject({ code: 'cross_site' })
  })

  test('nobody names or removes the passkeys of others, and theirs look like none', async () => {
    const [{ id = '' } = {}] = await stored(person('reader').id)
    const stranger = await openDashboard(mercat.origin, person('analyst'))
    for (const target of [id, 'AAAA']) {
      expect(await stranger.refused('passkeys/rename', { id: target, name: 'Mine' })).toMatchObject({
        code: 'not_found',
        message: expect.stringContaining('You have no such passkey'),
      })
      expect(await stranger.refused('passkeys/remove', { id: target })).toMatchObject({ code: 'not_found', message: expect.stringContaining('You have no such passkey') })
    }
  })

  test('changes need a fresh sign-in', async () => {
    const [{ id = '' } = {}] = await stored(person('reader').id)
    offset = 16 * 60_000
    for (const [endpoint, input] of [
      ['begin', {}],
      ['finish', { response: {}, name: 'x' }],
      ['rename', { id, name: 'x' }],
      ['remove', { id }],
    ] as const) {
      expect(await dashboard.refused(`passkeys/${endpoint}`, input)).toMatchObject({ code: 'sign_in_again' })
    }
  })

  test('twenty are enough', async () => {
    const before = (await stored(person('reader').id)).length
    const row = { user_id: person('reader').id, name: 'filler', public_key: new Uint8Array([1]) }
    const rows = Array.from({ length: 19 - before }, (_, index) => ({ ...row, id: `filler-${index}` }))
    await mercat.stores.db.insertInto('passkeys').values(rows).execute()
    const other = await openDevice()
    await other.page.goto(mercat.at('/sign-in'))
    const [first, second] = [await begin(), await begin()]
    const responses = [await ask(other, 'create', { ...first, excludeCredentials: [] }), await ask(other, 'create', { ...second, excludeCredentials: [] })]
    const answers = await Promise.all(responses.map((response) => dashboard.call('passkeys/finish', { response, name: 'The twentieth' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await dashboard.refused('passkeys/begin')).toMatchObject({ code: 'conflict', message: expect.stringContaining('20 passkeys') })
    await other.profile.close()
  })
})
