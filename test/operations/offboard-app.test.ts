/** An account leaves a running Mercat by the command line: calls, browsers and apps of it end at once, the others go on; and a process that is killed in the middle leaves something that can be run again. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordEvent } from '../../src/domain/audit/index.ts'
import { finishLoading, startLoad } from '../../src/domain/facts/index.ts'
import { callBody } from '../app.ts'
import { answerOf } from '../call.ts'
import { sharedApp } from '../shared.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { connect, refresh } from '../clients/oauth.ts'
import { mercat } from '../cli/process.ts'
import { fixtureTools } from '../edge/fixtures.ts'

const app = sharedApp({ tools: fixtureTools })

const connected = (person: 'owner' | 'both' | 'stranger' | 'marketer', path: string, accounts?: ('acme' | 'globex')[]) =>
  connect({ origin: app.origin, resource: app.at(path), person: app.people[person], ...(accounts ? { accounts: accounts.map((name) => app.accounts[name].id) } : {}) })
const call = async (path: string, token: string, args: object = {}) => await app.post(path, callBody('echo', args), { authorization: `Bearer ${token}` })

test('the account and what is only its own go; people, apps and figures of the others stay', async () => {
  const { db, analytics } = app.stores
  const [alone, shared, other] = [await connected('marketer', '/c/acme'), await connected('both', '/mcp', ['acme', 'globex']), await connected('stranger', '/c/globex')]
  for (const { id } of [app.accounts.acme, app.accounts.globex]) {
    const load = await startLoad(db, { accountId: id, source: 'import', label: 'rows' })
    await analytics.insert('events', [{ account_id: id, campaign: 'c', event: 'sent', load_id: load.id }])
    await finishLoading(db, load.id, { accepted: 1, rejected: 0 })
    await recordEvent(db, app.stores.clock, { accountId: id, event: 'mcp.enabled', userId: null, clientId: 'cli' })
  }
  expect((await call('/c/acme', alone.tokens.access_token)).status).toBe(200)
  const marketer = await openDashboard(app.origin, app.people.marketer)
  const owner = await openDashboard(app.origin, app.people.owner)
  const rowsOfGlobex = async () => [
    await db.selectFrom('memberships').selectAll().where('account_id', '=', app.accounts.globex.id).orderBy('user_id').execute(),
    await db.selectFrom('loads').selectAll().where('account_id', '=', app.accounts.globex.id).execute(),
    await analytics.query('SELECT * FROM events WHERE account_id = {account:String}', { account: app.accounts.globex.id }),
  ]
  const before = await rowsOfGlobex()
  const env = { MERCAT_DATA_DIR: app.folder }

  // A wrong answer to its question deletes nothing.
  const wrong = await mercat(['account', 'offboard', 'acme'], env, { input: 'amce\n' }).finished
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('nothing was deleted') })
  expect((await call('/c/acme', alone.tokens.access_token)).status).toBe(200)

  const done = await mercat(['account', 'offboard', 'acme'], env, { input: 'acme\n' }).finished
  expect(done.code, done.err).toBe(0)
  expect(done.out).toMatch(/\| analytics \| events \| 1 \| 0 \|/)
  expect(done.out).toMatch(/\| operational \| people \(only of this account\) \| 3 \| 0 \|/)
  expect(done.out).toMatch(/\| operational \| grants of apps \| 2 \| 0 \|/)
  expect(
    done.out
      .split('\n')
      .filter((line) => line.startsWith('| operational') || line.startsWith('| analytics'))
      .every((line) => line.endsWith('| 0 |')),
  ).toBe(true)

  // The very next call of every kind.
  expect((await call('/c/acme', alone.tokens.access_token)).status).toBe(401)
  expect((await refresh(app.origin, alone.app, alone.tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  expect((await marketer.call('session/current')).status).toBe(401)
  expect(await owner.refused('audit/search', { account: 'acme' })).toMatchObject({ status: 404, code: 'not_found' })
  expect((await owner.ok<{ accounts: { systemName: string }[] }>('session/current')).accounts.map(({ systemName }) => systemName)).toEqual(['initech'])

  // An app that had two accounts goes on with the other, with its token and after a refresh.
  expect((await answerOf(await call('/mcp', shared.tokens.access_token, { text: 'still here' }))).structuredContent).toMatchObject({ said: 'still here' })
  const renewed = await refresh(app.origin, shared.app, shared.tokens.refresh_token)
  expect(renewed.status).toBe(200)
  expect((await answerOf(await call('/mcp', String(renewed.body.access_token), { text: 'and after' }))).structuredContent).toMatchObject({ said: 'and after' })
  expect((await call('/c/globex', other.tokens.access_token)).status).toBe(200)
  expect(await rowsOfGlobex()).toEqual(before)

  const again = await mercat(['account', 'offboard', 'acme', '--yes-delete', 'acme'], env).finished
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('There is no account "acme"') })
})

test('killed in the middle, the command is run again to the end', async () => {
  const { db, analytics } = app.stores
  const { id } = app.accounts.globex
  for (let made = 0; made < 20; made++) await recordEvent(db, app.stores.clock, { accountId: id, event: 'mcp.enabled', userId: null, clientId: 'cli' })
  await analytics.insert('web_events', [{ account_id: id }])
  await app.shutDown()
  const env = { MERCAT_DATA_DIR: app.folder }
  const command = ['account', 'offboard', 'globex', '--yes-delete', 'globex']
  // Without the launcher: the kill must reach the product itself.
  const killed = spawn(process.execPath, [join(import.meta.dirname, '../../src/main.ts'), ...command], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(killed, 'exit')
  let said = ''
  for await (const chunk of killed.stderr) {
    said += String(chunk)
    if (said.includes('Deleting events')) break
  }
  killed.kill('SIGKILL')
  await ended
  expect(said).toContain('Deleting events')
  const again = await mercat(command, env).finished
  expect(again.code, again.err).toBe(0)
  expect(again.out).toMatch(/\| operational \| audit \| 2\d \| 0 \|/)
  expect(
    again.out
      .split('\n')
      .filter((line) => line.startsWith('| operational') || line.startsWith('| analytics'))
      .every((line) => line.endsWith('| 0 |')),
  ).toBe(true)
  expect((await mercat(['account', 'list'], env).finished).out).not.toContain('globex')
})
