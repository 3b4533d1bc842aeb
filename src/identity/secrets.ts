/** Keys derived from the installation secret, and what they do: name a bearer value without keeping it, seal what must be read again. Stores nothing. */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'

export interface Secrets {
  /** The name under which a bearer value is stored: HMAC-SHA256, base64url. */
  readonly nameOf: (model: string, value: string) => string
  /** Seals text for a place (AES-256-GCM): it opens only with the same place, so that rows cannot be swapped. */
  readonly seal: (text: string, place: string) => string
  /** Throws when it was not sealed for this place by this installation. */
  readonly open: (sealed: string, place: string) => string
  /** Like seal, under a key that also needs `value`: without the bearer value itself, the store and the secret open nothing. */
  readonly sealUnder: (value: string, text: string) => string
  readonly openUnder: (value: string, sealed: string) => string
  /** A proof that this installation made the form for these circumstances. */
  readonly sign: (...parts: string[]) => string
  readonly verify: (signature: string, ...parts: string[]) => boolean
  /** Keys of signed cookies. */
  readonly cookieKeys: readonly string[]
}

const purposes = { names: 'mercat/names', records: 'mercat/records', successors: 'mercat/successors', forms: 'mercat/forms', cookies: 'mercat/cookies' } as const

export function deriveSecrets(secret: string): Secrets {
  const derive = (purpose: string, salt = '') => Buffer.from(hkdfSync('sha256', secret, salt, purpose, 32))
  const names = createSecretKey(derive(purposes.names))
  const records = createSecretKey(derive(purposes.records))
  const forms = createSecretKey(derive(purposes.forms))
  const successorKey = (value: string) => createSecretKey(derive(purposes.successors, value))
  const sign = (...parts: string[]) => createHmac('sha256', forms).update(JSON.stringify(parts)).digest('base64url')
  return {
    nameOf: (model, value) => createHmac('sha256', names).update(model).update('\0').update(value).digest('base64url'),
    seal: (text, place) => encrypt(records, text, place),
    open: (sealed, place) => decrypt(records, sealed, place),
    sealUnder: (value, text) => encrypt(successorKey(value), text, 'successor'),
    openUnder: (value, sealed) => decrypt(successorKey(value), sealed, 'successor'),
    sign,
    verify: (signature, ...parts) => {
      const expected = Buffer.from(sign(...parts))
      const given = Buffer.from(signature)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    cookieKeys: [derive(purposes.cookies).toString('base64url')],
  }
}

function encrypt(key: KeyObject, text: string, place: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: KeyObject, sealed: string, place: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 }).setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
}
