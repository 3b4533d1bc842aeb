/** Whether an IP address is on the public internet, and how a request is held to the address that was checked: the wall between addresses that anybody can name and the machines behind this server. Resolves nothing and connects to nothing. */
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** IANA special-purpose registry, IPv4. */
const special4 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special4.addSubnet(network, prefix, 'ipv4')

/** IPv6 is the other way round: only global unicast is let in, so that mapped, translated, local and multicast forms need no list. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
const special6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  special6.addSubnet(network, prefix, 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** What a name resolved to. */
export interface Address {
  readonly address: string
  readonly family: number
}

type Found = (error: null, address: string | Address[], family?: number) => void

/** The `lookup` of a request that answers with the address that was checked: a second DNS answer (rebinding) is never asked for. */
export function pinnedTo(to: Address) {
  return (_host: string, options: { all?: boolean }, found: Found) => (options.all ? found(null, [{ ...to }]) : found(null, to.address, to.family))
}

/** The host of a URL as a resolver takes it: without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

export function isLoopbackAddress(address: string): boolean {
  return (isIPv4(address) && loopback.check(address, 'ipv4')) || (isIPv6(address) && loopback.check(address, 'ipv6'))
}

export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special4.check(address, 'ipv4')
  return isIPv6(address) && !address.includes('%') && global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}
