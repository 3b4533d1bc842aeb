/** The settings of the external provider: checked as a whole, no way to an owner; and a provider that is not there yet. */
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
import { startApp } from '../app.ts'
import { Browser } from '../clients/browser.ts'
import { startExternalHouse } from '../clients/provider.ts'

const good = { MERCAT_OIDC_ISSUER: 'https://id.example', MERCAT_OIDC_CLIENT_ID: 'mercat', MERCAT_OIDC_CLIENT_SECRET: 'a planted client secret' }
const mapped = (map: unknown) => ({ ...good, MERCAT_OIDC_GROUPS: JSON.stringify(map) })

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test('good settings are read', () => {
  expect(readConfig(mapped({ Marketing: [{ account: 'acme', role: 'marketer' }] }))).toMatchObject({
    MERCAT_OIDC_GROUPS: { Marketing: [{ account: 'acme', role: 'marketer' }] },
    MERCAT_OIDC_GROUPS_CLAIM: 'groups',
  })
  expect(problemsOf({})).toEqual([])
  expect(problemsOf({ ...good, MERCAT_OIDC_ISSUER: 'http://127.0.0.1:9000' })).toEqual([])
})

test.each([
  ['an owner by group', mapped({ Bosses: [{ account: 'acme', role: 'owner' }] }), /at Bosses\.0\.role must be one of .*owners and operators are made by hand/],
  ['an operator by group', mapped({ Bosses: [{ account: 'acme', role: 'super_admin' }] }), /owners and operators are made by hand/],
  ['an unknown field', mapped({ Bosses: [{ account: 'acme', role: 'analyst', scopes: ['manage:members'] }] }), /MERCAT_OIDC_GROUPS at Bosses\.0/],
  ['no JSON', { ...good, MERCAT_OIDC_GROUPS: 'Marketing=acme' }, /MERCAT_OIDC_GROUPS must be JSON/],
  ['an issuer in the clear', { ...good, MERCAT_OIDC_ISSUER: 'http://id.example' }, /must be https/],
  ['an issuer with a query', { ...good, MERCAT_OIDC_ISSUER: 'https://id.example/?tenant=1' }, /issuer only/],
  ['an issuer alone', { MERCAT_OIDC_ISSUER: good.MERCAT_OIDC_ISSUER }, /needed together/],
  ['groups alone', { MERCAT_OIDC_GROUPS: '{}' }, /needed together/],
])('%s is a configuration error', (_what, env, problem) => {
  const problems = problemsOf(env)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(problem)
  expect(problems[0]).not.toContain(good.MERCAT_OIDC_CLIENT_SECRET)
})

test('Mercat starts without its provider, says that it is away, and finds it as soon as it is there', async () => {
  const provider = await startExternalHouse()
  const mercat = await startApp({
    env: {
      MERCAT_OIDC_ISSUER: provider.issuer,
      MERCAT_OIDC_CLIENT_ID: provider.clientId,
      MERCAT_OIDC_CLIENT_SECRET: provider.clientSecret,
      MERCAT_OIDC_GROUPS_CLAIM: 'name',
      MERCAT_OIDC_GROUPS: JSON.stringify({ Ada: [{ account: 'globex', role: 'read_only' }] }),
    },
  })
  try {
    expect(provider.asked).toEqual([])
    const browser = new Browser(mercat.origin)
    const page = (await browser.go('/sign-in/external?return_to=/healthz')).page
    expect([page?.status, page?.title]).toEqual([503, 'The sign-in service does not answer · Mercat'])
    expect(page?.text).toContain(new URL(provider.issuer).host)
    expect((await fetch(mercat.at('/sign-in/external?return_to=/healthz'))).headers.get('retry-after')).toBe('30')
    // Some providers put all claims into the ID token: then nothing more is asked for.
    provider.serve(mercat.at('/sign-in/callback'), { claimsInToken: true })
    provider.visitor = { sub: 'ada', email: 'ada@corp.example', email_verified: true, name: 'Ada' }
    const { left } = await browser.go('/sign-in/external?return_to=/healthz')
    const { left: callback } = await new Browser(provider.issuer).go(left?.href ?? '')
    expect((await browser.go(callback?.href ?? '')).page?.url).toBe(mercat.at('/healthz'))
    expect(provider.asked).not.toContain('/me')
    expect(provider.asked.filter((path) => path === '/.well-known/openid-configuration')).toHaveLength(3)
    // One address cannot fill the store with sign-ins that are only begun.
    let last = await browser.request('/sign-in/external')
    for (let more = 0; more < 130 && last.status === 303; more++) last = await browser.request('/sign-in/external')
    expect([last.status, Number(last.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect(await last.text()).toContain('Too many tries.')
  } finally {
    await mercat.close()
    await provider.close()
  }
})

test('without settings there is no such way in', async () => {
  const mercat = await startApp()
  try {
    const browser = new Browser(mercat.origin)
    expect((await browser.go('/sign-in')).page?.html).not.toContain('/sign-in/external')
    for (const path of ['/sign-in/external', '/sign-in/callback?state=x&code=y']) expect((await browser.go(path)).page?.url).toBe(mercat.at('/sign-in'))
  } finally {
    await mercat.close()
  }
})
