/** Names a bearer value without keeping it, seals what must be read again, signs forms: with the newest key of the ring, and reads what any of its keys made. Stores nothing. */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { sameText } from '../core/hash.ts'

export interface Secrets {
  /** The name under which a bearer value is stored: HMAC-SHA256, base64url, after the id of its key. */
  readonly nameOf: (model: string, value: string) => string
  /** Every name the value may be stored under: one for each key, that of nameOf first. */
  readonly namesOf: (model: string, value: string) => readonly string[]
  /** Seals text for a place (AES-256-GCM): it opens only with the same place, so that rows cannot be swapped. */
  readonly seal: (text: string, place: string) => string
  /** Throws when it was not sealed for this place by this installation. */
  readonly open: (sealed: string, place: string) => string
  /** The same for bytes. */
  readonly sealBytes: (bytes: Uint8Array, place: string) => Buffer
  readonly openBytes: (sealed: Uint8Array, place: string) => Buffer
  /** Like seal, under a key that also needs `value`: without the bearer value itself, the store and the secret open nothing. */
  readonly sealUnder: (value: string, text: string) => string
  readonly openUnder: (value: string, sealed: string) => string
  /** A proof that this installation made the form for these circumstances. */
  readonly sign: (...parts: string[]) => string
  readonly verify: (signature: string, ...parts: string[]) => boolean
  /** Keys of signed cookies, the one to sign with first. Read it anew for each request. */
  readonly cookieKeys: readonly string[]
}

/** One key of the ring, with everything that is derived from it. */
export interface Key {
  readonly id: string
  readonly names: KeyObject
  readonly records: KeyObject
  readonly forms: KeyObject
  readonly cookies: string
  readonly successor: (value: string) => KeyObject
}

/** The key that derives from the installation secret itself. What it makes carries no id: so was everything named and sealed before there was a ring. */
export const firstKeyId = '1'

const derive = (material: string, purpose: string, salt = '') => Buffer.from(hkdfSync('sha256', material, salt, `mercat/${purpose}`, 32))

export function deriveKey(id: string, material: string): Key {
  return {
    id,
    names: createSecretKey(derive(material, 'names')),
    records: createSecretKey(derive(material, 'records')),
    forms: createSecretKey(derive(material, 'forms')),
    cookies: derive(material, 'cookies').toString('base64url'),
    successor: (value) => createSecretKey(derive(material, 'successors', value)),
  }
}

/** The key that seals the ring. It alone does not change with a rotation. */
export const deriveRingKey = (secret: string) => createSecretKey(derive(secret, 'ring'))

/** @param keys those of the ring now, the one to work with first; never empty */
export function createSecrets(keys: () => readonly [Key, ...Key[]]): Secrets {
  const mark = ({ id }: Key, text: string) => (id === firstKeyId ? text : `${id}~${text}`)
  /** The key that made a text, and the text without its mark. base64url has no tilde. */
  const made = (text: string): { key: Key | undefined; rest: string } => {
    const end = text.indexOf('~')
    const id = end < 0 ? firstKeyId : text.slice(0, end)
    return { key: keys().find((key) => key.id === id), rest: text.slice(end + 1) }
  }
  const opened = (sealed: string): { key: Key; rest: string } => {
    const { key, rest } = made(sealed)
    if (!key) throw new Error('This was sealed under a key that is not in the ring')
    return { key, rest }
  }
  const name = (key: Key, model: string, value: string) => mark(key, createHmac('sha256', key.names).update(model).update('\0').update(value).digest('base64url'))
  const signature = (key: Key, parts: readonly string[]) => createHmac('sha256', key.forms).update(JSON.stringify(parts)).digest('base64url')
  return {
    nameOf: (model, value) => name(keys()[0], model, value),
    namesOf: (model, value) => keys().map((key) => name(key, model, value)),
    seal: (text, place) => mark(keys()[0], encrypt(keys()[0].records, text, place)),
    open: (sealed, place) => {
      const { key, rest } = opened(sealed)
      return decrypt(key.records, rest, place)
    },
    // Bytes are always marked: without one, a nonce could look like a mark.
    sealBytes: (bytes, place) => Buffer.concat([Buffer.from(`${keys()[0].id}~`), encryptBytes(keys()[0].records, bytes, place)]),
    openBytes: (sealed, place) => {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      const end = bytes.indexOf(0x7e)
      const { key } = opened(bytes.subarray(0, end + 1).toString())
      return decryptBytes(key.records, bytes.subarray(end + 1), place)
    },
    sealUnder: (value, text) => mark(keys()[0], encrypt(keys()[0].successor(value), text, 'successor')),
    openUnder: (value, sealed) => {
      const { key, rest } = opened(sealed)
      return decrypt(key.successor(value), rest, 'successor')
    },
    sign: (...parts) => mark(keys()[0], signature(keys()[0], parts)),
    verify: (given, ...parts) => {
      const { key, rest } = made(given)
      return key !== undefined && sameText(rest, signature(key, parts))
    },
    get cookieKeys() {
      return keys().map(({ cookies }) => cookies)
    },
  }
}

/** Those of the first key alone. */
export function deriveSecrets(secret: string): Secrets {
  const key = deriveKey(firstKeyId, secret)
  return createSecrets(() => [key])
}

export const encrypt = (key: KeyObject, text: string, place: string): string => encryptBytes(key, Buffer.from(text), place).toString('base64url')
export const decrypt = (key: KeyObject, sealed: string, place: string): string => decryptBytes(key, Buffer.from(sealed, 'base64url'), place).toString('utf8')

function encryptBytes(key: KeyObject, bytes: Uint8Array, place: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

function decryptBytes(key: KeyObject, bytes: Buffer, place: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 }).setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
}
