/** Opaque, prefixed ids. */
import { createHash, randomBytes } from 'node:crypto'

/** Prefix of each kind of id. */
const idPrefix = {
  account: 'acc',
  user: 'usr',
  organization: 'org',
  brand: 'brd',
  folder: 'fld',
  goal: 'gol',
  channel: 'chn',
  campaign: 'cmp',
  flow: 'flw',
  trigger: 'trg',
  stream: 'str',
  promotion: 'prm',
  segment: 'seg',
  target_group: 'tgr',
  product: 'prd',
  product_configuration: 'pcf',
  webapp: 'wap',
  content_profile: 'cnt',
  branding: 'bra',
  theme_set: 'ths',
  job: 'job',
  link: 'lnk',
  document: 'doc',
  contract: 'ctr',
  invoice: 'inv',
  webhook_endpoint: 'whe',
  source: 'src',
  message: 'msg',
} as const
export type IdKind = keyof typeof idPrefix

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford base32: no i, l, o, u

function encode(bytes: Uint8Array): string {
  let bits = 0
  let value = 0
  let out = ''
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out += alphabet[(value >> bits) & 31]
    }
  }
  return out
}

/** A new random id: prefix and 80 random bits. */
export function newId(kind: IdKind): string {
  return `${idPrefix[kind]}_${encode(randomBytes(10))}`
}

/** The id that always belongs to these parts (80 bits of SHA-256): importing the same thing twice names it the same. */
export function derivedId(kind: IdKind, ...parts: string[]): string {
  return `${idPrefix[kind]}_${encode(
    createHash('sha256')
      .update(JSON.stringify([kind, ...parts]))
      .digest()
      .subarray(0, 10),
  )}`
}
