/** The first step by e-mail and password. Who is unknown, disabled or has no password gets the same answer after the same work. */
import { authenticate } from '../../domain/accounts/index.ts'
import type { CodeStep } from './code.ts'
import { type Door, type StepHandler, waitSentence } from './step.ts'

export function createPasswordStep(door: Door, code: CodeStep): StepHandler {
  const { db, limits } = door
  return async (step) => {
    const { form, address } = step
    const email = (form.get('email') ?? '').trim().slice(0, 254)
    const who = email.toLowerCase()
    // Counted before the password is looked at, and alike for people who do not exist.
    const wait = await limits.spendInTurn([
      ['signInAddress', address],
      ['signIn', `${who} ${address}`],
      ['signInAnywhere', who],
    ])
    if (wait !== undefined) return await door.showSignIn(step, 429, { email, problem: waitSentence(wait) }, { 'retry-after': String(wait) })
    const proved = await authenticate(db, email, form.get('password') ?? '')
    if (!proved) return await door.showSignIn(step, 401, { email, problem: 'This e-mail and password do not belong together.' })
    await limits.reset('signIn', `${who} ${address}`)
    await code.askOrFinish(step, proved.user, proved.mark)
  }
}
