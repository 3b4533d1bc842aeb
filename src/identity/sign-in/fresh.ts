/** The rule for changes that could lock a person out of their own name: the proof of who they are must be fresh. Pure. */
import { MercatError } from '../../core/errors.ts'
import type { SignedIn } from '../types.ts'

const freshMs = 15 * 60_000

/** Until when such a change needs no new sign-in. */
export const freshUntil = (person: SignedIn): Date => new Date(person.provedAt.getTime() + freshMs)

/** Throws sign_in_again. A browser that was left open, or a stolen session, changes nothing that outlives it. */
export function assertFresh(person: SignedIn, now: Date): void {
  if (now <= freshUntil(person)) return
  const hint = 'Sign in again; the change is possible for 15 minutes after it.'
  throw new MercatError('sign_in_again', 'This change needs a fresh sign-in', { hint })
}
