/**
 * identity.md, "a database dump holds no usable token, secret or password; logs hold none": a busy day of an installation, in which every secret that passes is
 * remembered by the test; afterwards none of them is in a row of either store, in a file of the data folder, or in a line of the log at its most talkative.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { run } from '../cli/process.ts'
import { callBody } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { Browser } from '../clients/browser.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import { deliver, lifeOf, newSigner } from '../stream/deliveries.ts'
import { authorizationUrl, connect, newPkce, postToken, registerApp, walk } from '../clients/oauth.ts'

/** Something that must be nowhere, and what it is. */
const needles = new Map<string, string>()
const lines: string[] = []

/** Remembers a secret; a value that nobody could tell from others (too short) would prove nothing. */
function plant(what: string, value: unknown): string {
  const text = String(value)
  if (text.length < 12) throw new Error(`${what} is too short to look for: ${text}`)
  needles.set(text, what)
  return text
}
const newSecret = (what: string) => plant(what, `${what} ${randomBytes(12).toString('base64url')}`)

const app = sharedApp({
  log: createLog('trace', { write: (line: string) => void lines.push(line) }),
  env: {
    MERCAT_OIDC_ISSUER: 'https://127.0.0.1:9',
    MERCAT_OIDC_CLIENT_ID: 'mercat',
    MERCAT_OIDC_CLIENT_SECRET: newSecret('secret of the external provider'),
    MERCAT_OIDC_GROUPS: JSON.stringify({ staff: [{ account: 'acme', role: 'analyst' }] }),
  },
})

const cookiesOf = (browser: Browser) => {
  for (const path of ['/', '/sign-in', '/interaction', '/authorize']) {
    for (const pair of browser.cookies(path).split('; ')) {
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      if (value.length >= 12) plant(`cookie ${name}`, value)
    }
  }
}

/** Signs in with a second step. */
async function signInWith(email: string, password: string, action: 'code' | 'recovery', code: string): Promise<Browser> {
  const browser = new Browser(app.origin)
  const { page } = await browser.go('/sign-in?return_to=/healthz')
  const second = page && (await browser.submit(page, 'sign-in', { email, password })).page
  if (!second) throw new Error('no second step')
  for (const form of second.forms) plant('ticket of the second step', form.fields.get('ticket'))
  const after = (await browser.submit(second, action, { [action]: code })).page
  expect(after?.status, after?.text).toBe(200)
  cookiesOf(browser)
  return browser
}

async function newPasswordBy(link: string, password: string): Promise<void> {
  const url = new URL(link)
  plant('one-time link', url.searchParams.get('token'))
  const browser = new Browser(app.origin)
  const { page } = await browser.go(url.pathname + url.search)
  if (!page) throw new Error('no page')
  const button = page.forms.flatMap(({ buttons }) => buttons.map(({ value }) => value)).find((value) => ['save', 'join'].includes(value))
  const fields = Object.fromEntries(
    [...(page.forms[0]?.fields.keys() ?? []), ...[...page.html.matchAll(/<input[^>]* name="([^"]+)"/g)].map(([, name = '']) => name)].map((name) => [name, name]),
  )
  const passwords = Object.keys(fields).filter((name) => /password|again|repeat/i.test(name))
  expect(passwords.length, page.text).toBeGreaterThan(1)
  const given: Record<string, string> = Object.fromEntries(passwords.map((name) => [name, password]))
  if ('name' in fields) given.name = 'New Person'
  const after = (await browser.submit(page, button ?? '', given)).page
  expect(after?.status, after?.text).toBeLessThan(400)
  cookiesOf(browser)
}

test('a busy day', async () => {
  const { origin, people } = app
  const cli = async (...args: string[]) => {
    const done = await run(args, { MERCAT_DATA_DIR: app.folder })
    expect(done.code, done.err).toBe(0)
    return done.out
  }
  plant('secret of the installation', (await readFile(join(app.folder, 'secret'), 'utf8')).trim())
  plant('password', people.owner.password)

  // Wrong passwords and tokens are secrets too: people mistype their own.
  await expect(openDashboard(origin, { email: people.owner.email, password: newSecret('wrong password') })).rejects.toThrow()
  expect(
    (await app.post('/c/acme', callBody('account_overview'), { authorization: `Bearer ${plant('token of somebody else', randomBytes(32).toString('base64url'))}` })).status,
  ).toBe(401)
  expect((await app.post(`/c/acme?access_token=${plant('token in an address', randomBytes(32).toString('base64url'))}`, callBody('account_overview'))).status).toBe(401)

  // Second factor, recovery codes, a changed password.
  const owner: Dashboard = await openDashboard(origin, people.owner)
  cookiesOf(owner.browser)
  plant('CSRF token', owner.csrf)
  const { secret, uri } = await owner.ok<{ secret: string; uri: string }>('security/beginTotp')
  plant('TOTP seed', secret)
  plant('TOTP seed in hexadecimal', Secret.fromBase32(secret).hex)
  plant('TOTP seed in base64', Buffer.from(Secret.fromBase32(secret).bytes).toString('base64'))
  plant('TOTP address', uri)
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  const { recoveryCodes } = await owner.ok<{ recoveryCodes: string[] }>('security/confirmTotp', { code: totp.generate() })
  for (const code of recoveryCodes) {
    plant('recovery code', code)
    plant('recovery code without its dashes', code.replaceAll('-', ''))
  }
  const password = newSecret('changed password')
  await owner.ok('security/changePassword', { current: people.owner.password, next: password })
  // A code is good once, and may be a step early: right on both sides of a boundary.
  await signInWith(people.owner.email, password, 'code', totp.generate({ timestamp: Date.now() + 30_000 }))
  await signInWith(people.owner.email, password, 'recovery', recoveryCodes[0] ?? '')

  // Links: an invitation and a new password.
  const invited = await owner.ok<{ link: string }>('members/invite', { account: 'acme', email: 'invited@example.com', role: 'analyst' })
  await newPasswordBy(invited.link, newSecret('password of the invited'))
  const reset = await cli('user', 'reset', people.marketer.email)
  await newPasswordBy(/https?:\/\/\S+/.exec(reset)?.[0] ?? '', newSecret('password by link'))

  // An app with a secret of its own, from registration to revocation.
  const confidential = await registerApp(origin, { token_endpoint_auth_method: 'client_secret_post' })
  const clientSecret = plant('client secret', confidential.registration.client_secret)
  const registrationToken = plant('registration access token', confidential.registration.registration_access_token)
  const resource = `${origin}/c/acme`
  const pkce = newPkce()
  plant('PKCE verifier', pkce.verifier)
  const browser = new Browser(origin)
  const callback = await walk(browser, authorizationUrl(origin, confidential, resource, pkce), people.analyst)
  cookiesOf(browser)
  const code = plant('authorization code', callback.searchParams.get('code'))
  const client = { client_id: confidential.clientId, client_secret: clientSecret }
  const first = await postToken(origin, { grant_type: 'authorization_code', redirect_uri: confidential.redirectUri, code, code_verifier: pkce.verifier, resource, ...client })
  expect(first.status, JSON.stringify(first.body)).toBe(200)
  const keep = (body: Record<string, unknown>) => ({ access: plant('access token', body.access_token), refresh: plant('refresh token', body.refresh_token) })
  let tokens = keep(first.body)
  expect((await app.post('/c/acme', callBody('account_overview'), { authorization: `Bearer ${tokens.access}` })).status).toBe(200)
  for (const rotated of [false, true]) {
    if (rotated) await cli('keys', 'rotate')
    // In parallel: the successor is kept for the other.
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh, ...client }
    const [one, two] = await Promise.all([postToken(origin, refresh), postToken(origin, refresh)])
    expect([one.status, two.status]).toEqual([200, 200])
    tokens = keep(one.body)
    keep(two.body)
  }
  await fetch(`${origin}/introspect`, { method: 'POST', body: new URLSearchParams({ token: tokens.access, ...client }) })
  // Refused and left behind: a code nobody redeems, a wrong secret, a wrong verifier.
  const unused = await walk(browser, authorizationUrl(origin, confidential, resource, newPkce()), people.analyst)
  plant('code that is not redeemed', unused.searchParams.get('code'))
  await postToken(origin, {
    grant_type: 'authorization_code',
    code: unused.searchParams.get('code') ?? '',
    redirect_uri: confidential.redirectUri,
    ...client,
    client_secret: newSecret('wrong client secret'),
  })
  await fetch(`${origin}/register/${confidential.clientId}`, { headers: { authorization: `Bearer ${registrationToken}` } })
  const second = await connect({ origin, resource, person: people.analyst })
  plant('access token of a public app', second.tokens.access_token)
  plant('refresh token of a public app', second.tokens.refresh_token)
  await fetch(`${origin}/revoke`, { method: 'POST', body: new URLSearchParams({ client_id: second.app.clientId, token: second.tokens.refresh_token }) })
  // Bodies that cannot be parsed, with a secret in them.
  await fetch(`${origin}/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"refresh_token": "${newSecret('refresh token in a broken body')}"` })
  await owner.call('security/changePassword', `{"current": "${newSecret('password in a broken body')}"`)
  await deliveries(owner)
  await app.audit.flush()
  expect(needles.size).toBeGreaterThan(50)
})

/** What sources are proved by, and the addresses in what they deliver: loaded, set aside, and refused. */
async function deliveries(owner: Dashboard): Promise<void> {
  const signer = newSigner()
  const add = async (type: string, settings: Record<string, string>) => {
    const added = await owner.ok<{ id: string; key: string; url: string }>('sources/add', { account: 'acme', type, name: type, settings })
    plant(`key of ${type}`, added.key)
    return added
  }
  await add('resend', { signingSecret: plant('signing secret', `whsec_${randomBytes(24).toString('base64')}`) })
  const { id, url } = await add('sendgrid', { verificationKey: signer.publicKey })
  const address = (what: string) => plant(what, `${randomBytes(8).toString('hex')}@people.example`)
  const [event] = lifeOf('discreet', 0, new Date())
  const delivered = { ...event, email: address('address that was loaded'), url: `https://shop.example/?for=${address('address in a link')}` }
  const strange = { ...event, event: 'teleported', email: address('address that was set aside') }
  expect((await deliver(url, signer, [delivered, strange])).status).toBe(200)
  expect((await deliver(url, newSigner(), [{ ...event, email: address('address that was refused') }])).status).toBe(401)
  await expect.poll(async () => (await owner.ok<{ setAside: number }>('sources/get', { account: 'acme', id })).setAside).toBe(1)
  const api = await add('api', {})
  const row = { campaign_id: 'discreet', message_id: 'm', customer_id: address('address in a row'), event: 'sent', occurred_at: 'never', channel: 'Email' }
  const sent = await fetch(`${app.origin}/ingest/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${api.key}` },
    body: JSON.stringify(row),
  })
  expect(sent.status).toBe(200)
  await expect.poll(async () => (await owner.ok<{ setAside: number }>('sources/get', { account: 'acme', id: api.id })).setAside).toBe(1)
}

function found(where: string, text: string): string[] {
  return [...needles]
    .filter(([needle]) => text.includes(needle) || text.includes(JSON.stringify(needle).slice(1, -1)) || text.includes(encodeURIComponent(needle)))
    .map(([, what]) => `${what} in ${where}`)
}

test('no row of the operational store holds one', async () => {
  const { db } = app.stores
  const { rows: tables } = await sql<{ name: string }>`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`.execute(db)
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['public.oauth_records', 'public.totp', 'public.links', 'public.recovery_codes', 'public.audit']))
  let seen = 0
  for (const { name } of tables) {
    const { rows } = await sql<{
      row: string
      bytes: string
    }>`SELECT to_jsonb(t)::text AS row, encode(convert_to(t::text, 'UTF8'), 'escape') AS bytes FROM ${sql.raw(name)} AS t`.execute(db)
    seen += rows.length
    for (const { row, bytes } of rows) expect(found(name, row + bytes)).toEqual([])
  }
  expect(seen).toBeGreaterThan(50)
})

test('no row of the analytics store holds one', async () => {
  const { analytics } = app.stores
  const tables = await analytics.query<{ name: string }>("SELECT name FROM system.tables WHERE database = currentDatabase() AND engine NOT LIKE '%View'")
  expect(tables.length).toBeGreaterThan(5)
  for (const { name } of tables) for (const row of await analytics.query<object>(`SELECT * FROM \`${name}\` LIMIT 100000`)) expect(found(name, JSON.stringify(row))).toEqual([])
})

test('no line of the log holds one, nor an address or a query', () => {
  expect(lines.length).toBeGreaterThan(50)
  for (const line of lines) expect(found('the log', line)).toEqual([])
  expect(lines.filter((line) => line.includes('@example.com'))).toEqual([])
})

test('no file of the data folder holds one, what the store has deleted or not yet tidied included', async () => {
  await app.shutDown()
  const files = (await readdir(app.folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  expect(files.length).toBeGreaterThan(500)
  let bytes = 0
  for (const file of files) {
    const name = relative(app.folder, file)
    // The one file that is a secret itself, readable by the operator alone.
    if (name === 'secret') continue
    const content = (await readFile(file)).toString('latin1')
    bytes += content.length
    const leaks = [...needles].filter(([needle]) => content.includes(needle)).map(([, what]) => `${what} in ${name}`)
    expect(leaks).toEqual([])
  }
  expect(bytes).toBeGreaterThan(1_000_000)
  // The search itself works: what the stores do keep is found by it.
  const kept = createHash('sha256')
    .update(needlesOf('one-time link')[0] ?? '')
    .digest()
  const texts = await Promise.all(files.map(async (file) => (await readFile(file)).toString('latin1')))
  expect(texts.some((text) => text.includes('invited@example.com') || text.includes(kept.toString('latin1')))).toBe(true)
})

const needlesOf = (what: string) => [...needles].filter(([, name]) => name === what).map(([needle]) => needle)
