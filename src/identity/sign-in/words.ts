/** What a person may see and change of their own security: types of the seam, without code. */
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'

export interface SessionView {
  readonly id: string
  /** The one that asks. */
  readonly current: boolean
  /** In words: `Chrome on macOS`. */
  readonly device: string
  /** RFC 8176 values. */
  readonly methods: readonly string[]
  readonly signedInAt: Date
  readonly lastSeenAt: Date
}

/** What a person sees of a passkey. */
export interface PasskeyView {
  /** The credential id, base64url. */
  readonly id: string
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  /** Kept by a password manager that copies it to other devices. */
  readonly backedUp: boolean
}

/** Whether browsers offer passkeys at this Mercat's address, and if not, what to do about it. */
export type PasskeysPossible = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** A link to somebody at the external provider. */
export interface ExternalIdentity {
  readonly issuer: string
  readonly since: Date
  readonly lastUsedAt: Date | null
}

/** A person's own passkeys. Every change throws sign_in_again when the sign-in is older than 15 minutes. */
export interface OwnPasskeys {
  /** What the browser's `navigator.credentials.create` needs. Throws conflict when there is no room for one more, or passkeys are not possible here. */
  readonly begin: () => Promise<{ options: PublicKeyCredentialCreationOptionsJSON }>
  /** @param response what the browser gave. Throws invalid_arguments when it does not answer what this session was asked */
  readonly finish: (response: unknown, name: string) => Promise<{ id: string }>
  /** Throws not_found for a passkey that is not the person's. */
  readonly rename: (id: string, name: string) => Promise<void>
  readonly remove: (id: string) => Promise<void>
}

/** Changes of password and factors throw sign_in_again when the sign-in is older than 15 minutes. */
export interface Security {
  readonly passkeys: OwnPasskeys
  readonly status: () => Promise<{
    /** Whether there is one. */
    password: boolean
    totp: { since: Date } | null
    recoveryCodesLeft: number
    passkeys: PasskeyView[]
    passkeysPossible: PasskeysPossible
    external: ExternalIdentity[]
    sessions: SessionView[]
    freshUntil: Date
  }>
  /** Ends the person's other sessions; apps stay connected. Throws invalid_arguments, conflict without a password, rate_limited. */
  readonly changePassword: (current: string, next: string) => Promise<void>
  readonly beginTotp: () => Promise<{ uri: string; secret: string }>
  readonly confirmTotp: (code: string) => Promise<{ recoveryCodes: string[] }>
  readonly removeTotp: () => Promise<void>
  readonly renewRecoveryCodes: () => Promise<{ recoveryCodes: string[] }>
  /** Throws not_found for a session that is not the person's. */
  readonly endSession: (id: string) => Promise<void>
  /** @returns how many there were */
  readonly signOutOthers: () => Promise<{ ended: number }>
  /** Ends this session too, and every connected app. */
  readonly signOutEverywhere: () => Promise<void>
}
