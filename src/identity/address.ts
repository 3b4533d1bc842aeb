/** The address a request came from: the peer's, or what a trusted proxy says. Pure. */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** @param trusted addresses and CIDR ranges. Throws for one that is neither. */
export function createAddressOf(trusted: readonly string[]): (req: IncomingMessage) => string {
  const proxies = new BlockList()
  for (const entry of trusted) {
    const [address = '', prefix] = entry.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    const most = family === 'ipv6' ? 128 : 32
    const bits = prefix === undefined ? most : Number(prefix)
    if (isIP(address) === 0 || !Number.isInteger(bits) || bits < 0 || bits > most) throw new Error(`MERCAT_TRUSTED_PROXIES: ${entry} is not an address or CIDR range`)
    proxies.addSubnet(address, bits, family)
  }
  const plain = (address: string) => address.trim().replace(/^::ffff:(?=\d+\.)/, '')
  const isProxy = (address: string) => isIP(address) !== 0 && proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  return (req) => {
    let address = plain(req.socket.remoteAddress ?? '')
    // From the right: everything left of the first stranger was written by that stranger.
    const hops = String(req.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map(plain)
      .filter(Boolean)
    while (isProxy(address) && hops.length > 0) address = hops.pop() as string
    return address
  }
}
