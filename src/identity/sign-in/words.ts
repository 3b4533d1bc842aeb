/** What a person may see and change of their own security: types of the seam, without code. */

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

/** Changes of password and factors throw sign_in_again when the sign-in is older than 15 minutes. */
export interface Security {
  readonly status: () => Promise<{
    /** Whether there is one. */
    password: boolean
    totp: { since: Date } | null
    recoveryCodesLeft: number
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
