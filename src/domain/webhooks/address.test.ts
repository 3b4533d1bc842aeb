import { expect, test } from 'vitest'
import { allowedAddress, parseEndpointUrl } from './address.ts'

test.each([
  ['https://platform.example.com/hooks?x=1', 'https://platform.example.com/hooks?x=1'],
  [' HTTPS://Platform.Example.com ', 'https://platform.example.com/'],
  ['https://93.184.216.34:8443/hook', 'https://93.184.216.34:8443/hook'],
  ['https://[2606:2800:220:1::1]/hook', 'https://[2606:2800:220:1::1]/hook'],
])('%s is taken', (given, expected) => {
  expect(parseEndpointUrl(given, false)).toBe(expected)
})

test.each([
  '',
  'not an address',
  'http://platform.example.com/hooks',
  'ftp://platform.example.com/hooks',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://user:secret@platform.example.com/',
  'https://token@platform.example.com/',
  'https://platform.example.com/#part',
  'https://10.0.0.1/',
  'https://0x7f.1/',
  'https://2130706433/',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[fd00::1]/',
  `https://platform.example.com/${'x'.repeat(2000)}`,
])('%s is refused with what to do', (given) => {
  expect(() => parseEndpointUrl(given, false)).toThrow(
    expect.objectContaining({ code: 'invalid_arguments', details: expect.objectContaining({ argument: 'url', hint: expect.any(String) }) }),
  )
})

test('loopback only while Mercat is on loopback itself, and then nothing else private', () => {
  for (const given of ['http://127.0.0.1:9000/', 'http://localhost:9000/', 'https://localhost/', 'http://[::1]:80/']) {
    expect(parseEndpointUrl(given, true)).toBe(new URL(given).href)
    expect(() => parseEndpointUrl(given, false), given).toThrow(/not https|not on the public internet/)
  }
  for (const given of ['http://10.0.0.1/', 'https://10.0.0.1/', 'http://example.com/', 'http://127.0.0.1.example.com/', 'ftp://127.0.0.1/'])
    expect(() => parseEndpointUrl(given, true), given).toThrow()
})

test('the machine behind a name is judged by every address it has', () => {
  const [good, bad, here] = ['93.184.216.34', '10.0.0.1', '127.0.0.1'].map((address) => ({ address, family: 4 })) as [{ address: string; family: number }, never, never]
  const url = new URL('https://platform.example.com/')
  expect(allowedAddress(url, [good], false)).toBe(good)
  for (const found of [[bad], [good, bad], [here], []]) expect(allowedAddress(url, found, true)).toBeUndefined()
  const local = new URL('http://localhost:1/')
  expect(allowedAddress(local, [here], true)).toBe(here)
  expect(allowedAddress(local, [here], false)).toBeUndefined()
  expect(allowedAddress(local, [good], true)).toBeUndefined()
})
