/** What must happen once, on a real PostgreSQL with many connections: codes, recovery codes and links that are used at the same instant, and everything of a person ended. */
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { newPasswordByLink, newPasswordLink, signOutEverywhere } from '../../src/domain/accounts/index.ts'
import { createSecondFactor } from '../../src/identity/sign-in/second-factor.ts'
import { deriveSecrets } from '../../src/identity/secrets.ts'
import { connect } from '../clients/oauth.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { type House, openHouse, secret } from './house.ts'

let postgres: TestPostgres
let house: House
beforeAll(async () => {
  postgres = await startPostgres()
  house = await openHouse({ location: { engine: 'postgres', url: await postgres.database() } })
})
afterAll(async () => {
  await house?.close()
  await postgres?.stop()
})

const tenTimes = <Result>(act: (n: number) => Promise<Result>) => Promise.all(Array.from({ length: 10 }, (_, n) => act(n)))

test('of ten tries with one code, or one recovery code, at the same instant, one gets in', async () => {
  const factor = createSecondFactor(house.store.db, deriveSecrets(secret), systemClock)
  const { id, email } = house.people.owner
  const totp = new TOTP({ secret: (await factor.begin(id, email)).secret })
  const now = Date.now()
  const [recovery = ''] = await factor.confirm(id, totp.generate({ timestamp: now }))
  const next = totp.generate({ timestamp: now + 30_000 })
  expect((await tenTimes(() => factor.spendCode(id, next))).filter(Boolean)).toEqual(['otp'])
  expect((await tenTimes(() => factor.spendRecovery(id, recovery))).filter(Boolean)).toEqual(['rec'])
  await factor.remove(id)
})

test('of ten uses of one link at the same instant, one sets its password', async () => {
  const { analyst } = house.people
  const { db } = house.store
  const { token } = await newPasswordLink(db, analyst, null, new Date())
  const users = await tenTimes((n) => newPasswordByLink(db, token, `a new battery staple ${n}`, new Date()))
  expect(users.filter(Boolean)).toHaveLength(1)
})

test('signing out everywhere ends sessions and apps, and nobody else’s', async () => {
  const { stranger, both } = house.people
  const resource = house.resource(house.other)
  const [gone, stays] = [await connect({ origin: house.origin, resource, person: stranger }), await connect({ origin: house.origin, resource, person: both })]
  const check = async ({ tokens }: typeof gone) => (await house.identity.check(tokens.access_token, 'c/other')).ok
  expect([await check(gone), await check(stays)]).toEqual([true, true])
  await signOutEverywhere(house.store.db, stranger.id)
  expect([await check(gone), await check(stays)]).toEqual([false, true])
  expect((await gone.browser.go('/sign-out')).page?.text).toContain('You are signed out')
  expect((await stays.browser.go('/sign-out')).page?.text).toContain(both.email)
})
