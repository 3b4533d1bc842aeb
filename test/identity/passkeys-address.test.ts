/** Where Mercat's address cannot have passkeys: nothing offers them, and the person reads why. */
import { expect, test } from 'vitest'
import { passkeysPossible } from '../../src/identity/sign-in/passkeys.ts'
import { sharedApp } from '../shared.ts'
import { Browser } from '../clients/browser.ts'
import { openDashboard } from '../clients/dashboard.ts'

const mercat = sharedApp()

test.each([
  ['http://localhost:4210', undefined],
  ['https://mercat.example.com', undefined],
  ['http://127.0.0.1:4210', /set MERCAT_PUBLIC_URL=http:\/\/localhost:4210 and/],
  ['http://[::1]:4210', /set MERCAT_PUBLIC_URL=http:\/\/localhost:4210 and/],
  ['https://192.0.2.7', /set MERCAT_PUBLIC_URL=https:\/\/<host name> and/],
  ['http://mercat.internal:4210', /https only/],
])('%s', (origin, reason) => {
  const possible = passkeysPossible(origin)
  if (reason) expect(possible).toEqual({ ok: false, reason: expect.stringMatching(reason) })
  else expect(possible).toEqual({ ok: true })
})

test('at an address there are no passkeys, and security says what to do', async () => {
  const dashboard = await openDashboard(mercat.origin, mercat.people.analyst)
  const { passkeysPossible: possible } = await dashboard.ok<{ passkeysPossible: { ok: boolean; reason: string } }>('security/status')
  expect(possible).toEqual({ ok: false, reason: expect.stringContaining(`MERCAT_PUBLIC_URL=http://localhost:${mercat.port}`) })
  expect(await dashboard.refused('passkeys/begin')).toMatchObject({ code: 'conflict' })
  expect((await new Browser(mercat.origin).go('/sign-in')).page?.html).not.toContain('passkey')
})
