/** An authenticator app (RFC 6238: SHA-1, 6 digits, 30 s, one step either way) and recovery codes: begun, confirmed, checked once each, removed. Asks nobody who they are. */
import { Secret, TOTP } from 'otpauth'
import type { Clock } from '../../core/clock.ts'
import { MercatError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { Secrets } from '../secrets.ts'
import { recordForPerson } from './security-events.ts'
import { beginTotp, confirmTotp, countRecoveryCodes, deleteTotp, findTotp, replaceRecoveryCodes, spendRecoveryCode, spendStep, type TotpRow } from './totp-repository.ts'

const issuer = 'Mercat'
const digits = 6
const period = 30
/** Clocks of telephones are off by a step; more would only help a guesser. */
const window = 1
/** RFC 4226, 4 R6: 160 bits. */
const seedBytes = 20
const recoveryCodes = 10
const recoveryBytes = 10

export interface SecondFactor {
  readonly isOn: (userId: string) => Promise<boolean>
  readonly status: (userId: string) => Promise<{ since: Date | null; recoveryCodesLeft: number }>
  /** A new seed, to be confirmed by a first code. Throws conflict when an app is confirmed already. */
  readonly begin: (userId: string, email: string) => Promise<{ uri: string; secret: string }>
  /** @returns the recovery codes, which are shown this once. Throws invalid_arguments for a wrong code. */
  readonly confirm: (userId: string, code: string) => Promise<string[]>
  readonly remove: (userId: string) => Promise<void>
  /** Throws conflict when there is no authenticator app that they could stand in for. */
  readonly renewRecoveryCodes: (userId: string) => Promise<string[]>
  /** Whether the code is right and was not used before. */
  readonly spendCode: (userId: string, code: string) => Promise<'otp' | undefined>
  readonly spendRecovery: (userId: string, code: string) => Promise<'rec' | undefined>
}

export function createSecondFactor(db: Db, secrets: Secrets, clock: Clock): SecondFactor {
  const place = (userId: string) => `totp\0${userId}`

  /** The time step of a right code. */
  function stepOf(userId: string, row: TotpRow, given: string): number | undefined {
    const code = given.replace(/\s/g, '')
    if (!/^\d{6}$/.test(code)) return undefined
    const totp = new TOTP({ secret: Secret.fromBase32(secrets.open(row.secret, place(userId))), digits, period })
    const timestamp = clock().getTime()
    const delta = totp.validate({ token: code, timestamp, window })
    return delta === null ? undefined : Math.floor(timestamp / 1000 / period) + delta
  }

  const isOn = async (userId: string) => (await findTotp(db, userId))?.confirmedAt != null

  return {
    isOn,
    status: async (userId) => {
      const [totp, left] = await Promise.all([findTotp(db, userId), countRecoveryCodes(db, userId)])
      return { since: totp?.confirmedAt ?? null, recoveryCodesLeft: left }
    },

    begin: async (userId, email) => {
      const secret = new Secret({ size: seedBytes })
      const begun = await beginTotp(db, userId, secrets.seal(secret.base32, place(userId)))
      if (!begun) throw new MercatError('conflict', 'An authenticator app is set up already', { hint: 'Remove it first.' })
      return { uri: new TOTP({ issuer, label: email, secret, digits, period }).toString(), secret: secret.base32 }
    },

    confirm: async (userId, code) => {
      const row = await findTotp(db, userId)
      if (!row || row.confirmedAt) throw new MercatError('conflict', 'There is no authenticator app to confirm', { hint: 'Begin again.' })
      const step = stepOf(userId, row, code)
      if (step === undefined) throw new MercatError('invalid_arguments', 'This code is not right', { argument: 'code', hint: 'Take the one that the app shows now.' })
      const codes = newRecoveryCodes()
      const confirmed = await confirmTotp(db, userId, row.secret, step, codes.map(hashOf), clock())
      if (!confirmed) throw new MercatError('conflict', 'There is no authenticator app to confirm', { hint: 'Begin again.' })
      return codes
    },

    remove: (userId) => deleteTotp(db, userId),

    renewRecoveryCodes: async (userId) => {
      if (!(await isOn(userId))) throw new MercatError('conflict', 'There is no authenticator app', { hint: 'Set one up first.' })
      const codes = newRecoveryCodes()
      await replaceRecoveryCodes(db, userId, codes.map(hashOf))
      return codes
    },

    spendCode: async (userId, code) => {
      const row = await findTotp(db, userId)
      const step = row?.confirmedAt ? stepOf(userId, row, code) : undefined
      return step !== undefined && (await spendStep(db, userId, step)) ? 'otp' : undefined
    },

    spendRecovery: async (userId, code) => {
      if (!(await isOn(userId)) || !(await spendRecoveryCode(db, userId, hashOf(code), clock()))) return undefined
      await recordForPerson(db, clock, userId, 'recovery_code.used')
      return 'rec'
    },
  }
}

/** Four groups of four: 80 bits that one can write down. */
function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodes }, () => new Secret({ size: recoveryBytes }).base32.replace(/(.{4})(?=.)/g, '$1-'))
}

/** However it was written down: small letters, spaces, no dashes. 80 random bits need no slow hash. */
const hashOf = (code: string) =>
  sha256(
    code
      .slice(0, 100)
      .toUpperCase()
      .replace(/[^A-Z2-7]/g, ''),
  )
