/** The official SDKs' own OAuth, new and old, walk through discovery, registration, sign-in and refresh by themselves. */
import { auth } from '@modelcontextprotocol/client'
import { auth as legacyAuth } from '@modelcontextprotocol/sdk/client/auth.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PersonProvider } from '../clients/oauth.ts'
import { type House, openHouse } from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

test('the SDK of 2026 connects, and refreshes when it is asked again', async () => {
  const provider = new PersonProvider(house.origin, house.people.owner)
  const serverUrl = house.resource(house.acme)
  expect(await auth(provider, { serverUrl })).toBe('REDIRECT')
  const { searchParams } = provider.callback
  expect(await auth(provider, { serverUrl, authorizationCode: searchParams.get('code') ?? '', iss: searchParams.get('iss') ?? '' })).toBe('AUTHORIZED')
  const first = provider.tokens()
  expect((await house.identity.check(first?.access_token, 'c/acme')).ok).toBe(true)
  expect(await auth(provider, { serverUrl })).toBe('AUTHORIZED')
  expect(provider.tokens()?.access_token).not.toBe(first?.access_token)
})

test('the SDK of 2025 does too', async () => {
  const provider = new PersonProvider(house.origin, house.people.both, { accounts: [house.other.id] })
  const serverUrl = `${house.origin}/mcp`
  expect(await legacyAuth(provider as never, { serverUrl })).toBe('REDIRECT')
  expect(await legacyAuth(provider as never, { serverUrl, authorizationCode: provider.callback.searchParams.get('code') ?? '' })).toBe('AUTHORIZED')
  const checked = await house.identity.check(provider.tokens()?.access_token, 'mcp')
  expect(checked.ok && checked.principals.map(({ account }) => account.systemName)).toEqual(['other'])
})
