/** Password hashes: argon2id as PHC strings. Knows no user and no store. */
import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { promisify } from 'node:util'
import { MercatError } from '../../core/errors.ts'

const derive = promisify((parameters: Argon2Parameters, done: (error: Error | null, key: Buffer) => void) => argon2('argon2id', parameters, done))

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const minimum = 12
/** Bytes: a longer one would only cost time. */
const maximum = 512

/** One form of the same characters, whatever keyboard typed them (NIST SP 800-63B, 3.1.1.2). */
const normal = (password: string) => Buffer.from(password.normalize('NFKC'), 'utf8')
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

/** Throws invalid_arguments for a password that is too short or too long. */
export function assertGoodPassword(password: string, argument = 'password'): void {
  if (Array.from(password).length < minimum) {
    throw new MercatError('invalid_arguments', `A password must have at least ${minimum} characters`, {
      argument,
      hint: 'Take a sentence or let a password manager make one.',
    })
  }
  if (normal(password).length > maximum) throw new MercatError('invalid_arguments', `A password may have at most ${maximum} bytes`, { argument })
}

/** The PHC string of a password with a fresh salt. Takes about 30 ms of a thread. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive({ message: normal(password), nonce: salt, tagLength: 32, ...cost })
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(key)}`
}

const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/
/** A hash that no password has, of the usual cost: the work done for people who do not exist. */
const nobody = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(randomBytes(16))}$${base64(randomBytes(32))}`

/** Whether the password has this hash. Without a hash it does the same work and says no, so that the time tells nothing. */
export async function verifyPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const message = normal(password)
  const match = phc.exec(hash ?? nobody)
  if (!match || message.length > maximum) return false
  const expected = Buffer.from(match[5] as string, 'base64')
  const key = await derive({
    message,
    nonce: Buffer.from(match[4] as string, 'base64'),
    tagLength: expected.length,
    memory: Number(match[1]),
    passes: Number(match[2]),
    parallelism: Number(match[3]),
  })
  return timingSafeEqual(key, expected) && hash != null
}
