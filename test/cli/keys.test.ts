/** `mercat keys` as a process beside a running server: it rotates the server's own keys, and nobody who is connected notices. */
import { rm } from 'node:fs/promises'
import { Secret, TOTP } from 'otpauth'
import { expect, onTestFinished, test } from 'vitest'
import { startApp } from '../app.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { connect, refresh } from '../clients/oauth.ts'
import { run } from './process.ts'

test('keys are rotated inside the running server, listed, and still there after it', async () => {
  let offset = 0
  const app = await startApp({ clock: () => new Date(Date.now() + offset) })
  onTestFinished(() => rm(app.folder, { recursive: true, force: true }))
  const env = { MERCAT_DATA_DIR: app.folder }
  const mcp = await app.connect('owner', '/c/acme')
  const { app: client, tokens } = await connect({ origin: app.origin, resource: app.at('/c/acme'), person: app.people.analyst })
  // A page of the dashboard is open, with an authenticator app half set up: its seed is sealed.
  const dashboard = await openDashboard(app.origin, app.people.marketer)
  const { secret } = await dashboard.ok<{ secret: string }>('security/beginTotp')
  const keys = async () => [...(await run(['keys', 'list'], env)).out.matchAll(/^\| (\d+) \|.*\| (coming|in use|retired) \|/gm)].map(([, id, state]) => [id, state])
  expect(await keys()).toEqual([['1', 'in use']])
  expect(await run(['keys', 'rotate'], env)).toMatchObject({ code: 0, out: expect.stringContaining('Made key 2.'), err: '' })
  expect(await keys()).toEqual([
    ['2', 'coming'],
    ['1', 'in use'],
  ])
  offset = 11_000
  expect((await mcp.listTools()).tools.length).toBeGreaterThan(0)
  const refreshed = await refresh(app.origin, client, tokens.refresh_token)
  expect(refreshed.status).toBe(200)
  expect((await app.identity.check(String(refreshed.body.access_token), 'c/acme')).ok).toBe(true)
  const names = await app.stores.db.selectFrom('oauth_records').select('id_hash').where('model', '=', 'AccessToken').where('client_id', '=', client.clientId).execute()
  expect(names.map(({ id_hash }) => id_hash.startsWith('2~')).sort()).toEqual([false, true])
  const code = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({ timestamp: Date.now() + offset })
  expect((await dashboard.ok<{ recoveryCodes: string[] }>('security/confirmTotp', { code })).recoveryCodes.length).toBeGreaterThan(0)
  await mcp.close()
  await app.shutDown()
  expect(await run(['keys', 'list'], { ...env, MERCAT_SECRET: 'another secret, also long enough to pass' })).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('another MERCAT_SECRET'),
  })
})
