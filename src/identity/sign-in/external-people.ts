/** Which person of Mercat somebody from the external provider is: by subject; the first time by verified address, or made because a group gives them something. */
import type { Clock } from '../../core/clock.ts'
import { MercatError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import {
  announceAccessChange,
  createUser,
  type DirectoryChanges,
  type DirectoryMembership,
  existingAccounts,
  findUser,
  findUserByEmail,
  proveAddress,
  syncDirectory,
  type User,
} from '../../domain/accounts/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { Arrived } from './external-provider.ts'
import { findExternalIdentity, noteExternalIdentity } from './external-repository.ts'

export type Refusal = 'unverified' | 'unknown' | 'disabled'
export type Recognised = { readonly user: User; readonly refused?: undefined } | { readonly refused: Refusal; readonly user?: undefined }

export type Recognise = (arrived: Arrived) => Promise<Recognised>

export function createRecognise(parts: {
  readonly db: Db
  readonly clock: Clock
  readonly log: Logger
  readonly groups: Readonly<Record<string, readonly DirectoryMembership[]>>
}): Recognise {
  const { db, clock, log, groups } = parts

  const attempt = (arrived: Arrived) =>
    db.transaction().execute(async (transaction): Promise<Recognised & { changes?: DirectoryChanges; reclaimed?: boolean }> => {
      const { issuer, subject, verifiedEmail: email } = arrived
      const given = arrived.groups.flatMap((group) => (Object.hasOwn(groups, group) ? (groups[group] ?? []) : []))
      const known = await findExternalIdentity(transaction, issuer, subject)
      // Never by an address that the provider does not vouch for: whoever may type one there would be that person here.
      if (known === undefined && email === undefined) return { refused: 'unverified' }
      let user = known === undefined ? await findUserByEmail(transaction, email ?? '') : await findUser(transaction, known)
      if (!user) {
        const accounts = await existingAccounts(
          transaction,
          given.map(({ account }) => account),
        )
        if (accounts.size === 0) return { refused: 'unknown' }
        user = await createUser(transaction, { email: email ?? '', name: arrived.name })
      }
      if (user.disabled) return { refused: 'disabled' }
      const reclaimed = known === undefined && (await proveAddress(transaction, user.id))
      await noteExternalIdentity(transaction, { issuer, subject, userId: user.id, now: clock() })
      return { user, reclaimed, changes: await syncDirectory(transaction, clock, user, given) }
    })

  return async (arrived) => {
    const { changes, reclaimed, ...recognised } = await attempt(arrived).catch((error: unknown) => {
      // Somebody who comes twice at once for the first time is made once: the second time they are known.
      if (error instanceof MercatError && error.code === 'conflict') return attempt(arrived)
      throw error
    })
    if (changes?.unknown.length) log.warn({ accounts: changes.unknown }, 'MERCAT_OIDC_GROUPS names accounts that do not exist')
    if (recognised.user && reclaimed) await announceAccessChange(db, { user: recognised.user.id })
    if (recognised.user) for (const account of changes?.accountIds ?? []) await announceAccessChange(db, { account, user: recognised.user.id })
    return recognised
  }
}
