/** The same identity on a real PostgreSQL, in two processes' worth of connections: connect, refresh in parallel, revoke across processes, limits in the store. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeMember } from '../../src/domain/accounts/index.ts'
import { authorizationUrl, connect, newPkce, redeem, registerApp, type StuckError, walk } from '../clients/oauth.ts'
import { Browser } from '../clients/browser.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { consumedAtOnce, type House, openHouse, openSecond, refreshInParallel } from './house.ts'

let postgres: TestPostgres
let url: string
let house: House
beforeAll(async () => {
  postgres = await startPostgres()
  url = await postgres.database()
  house = await openHouse({ location: { engine: 'postgres', url } })
})
afterAll(async () => {
  await house?.close()
  await postgres?.stop()
})

test('two processes share everything', async () => {
  const { identity, origin, close } = await openSecond(house, { engine: 'postgres', url })
  try {
    const { app, tokens } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.owner })
    expect((await identity.check(tokens.access_token, 'c/acme')).ok).toBe(true)

    // Both processes get the same refresh token at the same time, again and again: the client keeps working.
    const last = await refreshInParallel([house.origin, origin], app, tokens, 30)

    // Both get the same code at the same time: at most one redeems it, and what it got is ended.
    const other = await registerApp(house.origin)
    const pkce = newPkce()
    const back = await walk(new Browser(house.origin), authorizationUrl(house.origin, other, house.resource(house.acme), pkce), house.people.analyst)
    const redeemed = await Promise.all(Array.from({ length: 6 }, (_, n) => redeem(n % 2 ? origin : house.origin, other, back.searchParams.get('code') ?? '', pkce)))
    expect(redeemed.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    for (const { body } of redeemed) expect((await house.identity.check(String(body.access_token), 'c/acme')).ok).toBe(false)

    // A change in one process acts in the other.
    const token = last.access_token
    expect((await identity.check(token, 'c/acme')).ok).toBe(true)
    await removeMember(house.store.db, house.acme.id, house.people.owner.id)
    expect((await house.identity.check(token, 'c/acme')).ok).toBe(false)
    await expect.poll(async () => (await identity.check(token, 'c/acme')).ok).toBe(false)
  } finally {
    await close()
  }
})

test('five parallel redemptions of a code: at most one', async () => {
  const app = await registerApp(house.origin)
  const pkce = newPkce()
  const back = await walk(new Browser(house.origin), authorizationUrl(house.origin, app, house.resource(house.acme), pkce), house.people.analyst)
  const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(house.origin, app, back.searchParams.get('code') ?? '', pkce)))
  expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
  for (const { body } of answers) expect((await house.identity.check(String(body.access_token), 'c/acme')).ok).toBe(false)
})

test('of ten connections that consume a record at the same instant, one does', async () => {
  expect(await consumedAtOnce(house.store.db, 10)).toEqual([true, ...Array(9).fill(false)])
})

test('guesses are counted in the store, and their keys name nobody', async () => {
  const wrong = { email: 'guessed@mercat.example', password: 'not the password' }
  const seen: number[] = []
  for (let n = 0; n < 9; n++) {
    const stuck = await connect({ origin: house.origin, resource: house.resource(house.acme), person: wrong }).catch((error: unknown) => error)
    seen.push((stuck as StuckError).page.status)
  }
  expect(seen).toEqual([...Array(8).fill(401), 429])
  const { rows } = await house.store.db.executeQuery<{ key: string }>((await import('kysely')).CompiledQuery.raw('SELECT key FROM rate_limits'))
  expect(rows.some(({ key }) => key.startsWith('identity.signIn'))).toBe(true)
  expect(JSON.stringify(rows)).not.toContain('guessed')
})
