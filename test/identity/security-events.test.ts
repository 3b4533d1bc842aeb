/** What a person changes of how they sign in stands in the audit log of every account where they may act, without a secret, and in no other. */
import { TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import { newPasswordLink } from '../../src/domain/accounts/index.ts'
import { password } from '../app.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { sharedApp } from '../shared.ts'

const app = sharedApp()

test('changes of password and second factor, a recovery code and a sign-out everywhere, in each account of the person', async () => {
  const { db } = app.stores
  const person = app.people.both
  const dashboard = await openDashboard(app.origin, person)
  const { secret } = await dashboard.ok<{ secret: string }>('security/beginTotp')
  await dashboard.refused('security/confirmTotp', { code: 'wrong' })
  await dashboard.ok('security/confirmTotp', { code: new TOTP({ secret }).generate() })
  const { recoveryCodes } = await dashboard.ok<{ recoveryCodes: string[] }>('security/renewRecoveryCodes')

  const browser = new Browser(app.origin)
  const code = (await browser.submit((await browser.go('/sign-in?return_to=/healthz')).page as Page, 'sign-in', { email: person.email, password })).page as Page
  expect((await browser.submit(code, 'recovery', { recovery: recoveryCodes[0] ?? '' })).page?.url).toMatch(/healthz$/)

  await dashboard.ok('security/removeTotp')
  await dashboard.refused('security/changePassword', { current: 'not it', next: 'another staple, and longer' })
  await dashboard.ok('security/changePassword', { current: password, next: 'another staple, and longer' })
  await dashboard.ok('security/signOutEverywhere')
  const { token } = await newPasswordLink(db, { id: person.id, email: person.email, name: 'both', isSuperAdmin: false, disabled: false }, null, new Date())
  const link = (await browser.go(`/new-password?token=${token}`)).page as Page
  await browser.submit(link, 'save', { password: 'a third staple, and longer', repeated: 'a third staple, and longer' })

  const events = ['authenticator.added', 'recovery_codes.renewed', 'recovery_code.used', 'authenticator.removed', 'password.changed', 'sessions.ended', 'password.reset']
  for (const account of ['acme', 'globex', 'initech'] as const) {
    const rows = await db.selectFrom('audit').selectAll().where('account_id', '=', app.accounts[account].id).where('user_id', '=', person.id).orderBy('id').execute()
    expect(rows.map(({ tool, effect, client_id: app, input }) => [tool, effect, app, input])).toEqual(
      account === 'initech' ? [] : events.map((event) => [event, 'access', 'dashboard', null]),
    )
  }
})
