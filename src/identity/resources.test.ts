import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAddressOf } from './address.ts'
import { canonicalAuthorizeUrl } from './oauth/authorize-url.ts'
import { redirectAllowed } from './oauth/clients.ts'
import { createResources } from './resources.ts'
import { deriveSecrets } from './secrets.ts'

const resources = createResources('https://mercat.example')

test('spellings of one resource are one resource', () => {
  for (const spelling of [
    'https://mercat.example/c/acme',
    'https://mercat.example/c/acme/',
    'HTTPS://MERCAT.example:443/c/acme',
    'https://mercat.example/x/../c/acme',
    'https://mercat.example/c/acme?read_only=1',
  ])
    expect(resources.parse(spelling)).toBe('c/acme')
  expect(resources.parse('https://mercat.example/mcp/')).toBe('mcp')
})

test.each([
  'https://mercat.example',
  'https://mercat.example/c/',
  'https://mercat.example/c/a',
  'https://mercat.example/c/ACME',
  'https://mercat.example/c/acme/x',

  'https://mercat.example/c/acme#',
  'http://mercat.example/c/acme',
  'https://mercat.example:444/c/acme',
  'https://mercat.example.evil/c/acme',
  'https://u@mercat.example/c/acme',
  '/c/acme',
  'mcp',
  '',
  'https://mercat.example/mcpx',
])('%s is none', (indicator) => {
  expect(resources.parse(indicator)).toBeUndefined()
})

test('the authorization request keeps everything but the spelling of resource and OpenID scopes', () => {
  expect(canonicalAuthorizeUrl('/authorize?a=1&a=2&resource=https%3A%2F%2FMercat.example%2Fmcp%2F&scope=openid%20read%3Amcp%20offline_access&state=%2B%20x', resources)).toBe(
    '/authorize?a=1&a=2&resource=https%3A%2F%2Fmercat.example%2Fmcp&scope=read%3Amcp&state=%2B+x',
  )
  expect(canonicalAuthorizeUrl('/authorize?scope=openid&nonce=1&state=2', resources)).toBe('/authorize?state=2')
  expect(canonicalAuthorizeUrl('/authorize', resources)).toBe('/authorize?')
})

test('no redirect that leaves the allowlist and this machine is ever let in', () => {
  fc.assert(fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => !redirectAllowed(url, [])))
  fc.assert(fc.property(fc.string(), (text) => !redirectAllowed(text, []) || text.startsWith('http://')))
})

test('a sealed text opens only here, in its place, and unchanged', () => {
  const [one, two] = [deriveSecrets('one secret that is long enough, really'), deriveSecrets('another secret that is long enough, too')]
  fc.assert(fc.property(fc.string(), fc.string(), (text, place) => one.open(one.seal(text, place), place) === text))
  const sealed = one.seal('text', 'place')
  expect(() => one.open(sealed, 'else')).toThrow()
  expect(() => two.open(sealed, 'place')).toThrow()
  expect(() => one.open(`${sealed.slice(0, -2)}AA`, 'place')).toThrow()
  expect(() => one.open('', 'place')).toThrow()
  expect(one.openUnder('token', one.sealUnder('token', 'pair'))).toBe('pair')
  expect(() => one.openUnder('other', one.sealUnder('token', 'pair'))).toThrow()
  expect(one.nameOf('A', 'x')).not.toBe(one.nameOf('B', 'x'))
  expect(one.verify(one.sign('a', 'b'), 'a', 'b')).toBe(true)
  expect(one.verify(one.sign('a', 'b'), 'ab', '')).toBe(false)
})

test('an address is believed only from a trusted proxy, and only its last hop', () => {
  const from = (remoteAddress: string, forwarded?: string) => ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage
  const none = createAddressOf([])
  expect(none(from('10.0.0.1', '1.2.3.4'))).toBe('10.0.0.1')
  const behind = createAddressOf(['10.0.0.0/8', '::1'])
  expect(behind(from('::ffff:10.0.0.1', '6.6.6.6, 1.2.3.4'))).toBe('1.2.3.4')
  expect(behind(from('10.0.0.1', '6.6.6.6, 1.2.3.4, 10.2.2.2'))).toBe('1.2.3.4')
  expect(behind(from('9.9.9.9', '1.2.3.4'))).toBe('9.9.9.9')
  expect(behind(from('10.0.0.1'))).toBe('10.0.0.1')
  expect(() => createAddressOf(['proxy.example'])).toThrow('MERCAT_TRUSTED_PROXIES')
})
