/** Which addresses an endpoint may have, and which machine behind a name may be called: public ones by https, and loopback ones while Mercat itself is on loopback. Resolves nothing. */
import { isIP } from 'node:net'
import { type Address, hostOf, isLoopbackAddress, isPublicAddress } from '../../core/addresses.ts'
import { MercatError } from '../../core/errors.ts'
import { isLoopbackHost } from '../../core/loopback.ts'
import { clip } from '../../core/text.ts'

const longest = 2_000

/** Normalises what a person gave. @param local whether Mercat itself is on loopback. Throws invalid_arguments that says what to give instead. */
export function parseEndpointUrl(given: string, local: boolean): string {
  const refuse = (message: string, hint: string) => new MercatError('invalid_arguments', message, { argument: 'url', value: clip(given, 100), hint })
  const url = given.length <= longest ? URL.parse(given.trim()) : null
  if (!url) throw refuse('This is no web address', 'Give one like https://platform.example.com/hooks/mercat, of at most 2,000 characters.')
  if (url.username || url.password) throw refuse('The address holds a user name or a password', 'Leave it out: the receiver knows Mercat by its signature.')
  if (url.hash) throw refuse('The address holds a fragment', 'Leave out # and what follows it: it is never sent.')
  if (local && isLoopbackHost(url.host) && ['http:', 'https:'].includes(url.protocol)) return url.href
  if (url.protocol !== 'https:') throw refuse('The address is not https', 'Give one that begins with https://.')
  const host = hostOf(url)
  if (isLoopbackHost(url.host) || (isIP(host) !== 0 && !isPublicAddress(host)))
    throw refuse('The address is not on the public internet', 'Give a public host name: Mercat calls no machine of an internal network.')
  return url.href
}

/** The address to connect to, of all that the name resolved to; undefined: this must not be called. One bad address among good ones is an attack, not a choice. */
export function allowedAddress(url: URL, found: readonly Address[], local: boolean): Address | undefined {
  const allowed = local && isLoopbackHost(url.host) ? isLoopbackAddress : isPublicAddress
  return found.every(({ address }) => allowed(address)) ? found[0] : undefined
}
