/** The first step by e-mail and password. Who is unknown, disabled or has no password gets the same answer after the same work. */
import { authenticate, passwordMark } from '../../domain/accounts/index.ts'
import type { CodeStep } from './code.ts'
import { type Door, type StepHandler, waitSentence } from './step.ts'

export function createPasswordStep(door: Door, code: CodeStep): StepHandler {
  const { db, limits } = door
  return async (step) => {
    const { form, address } = step
    const email = (form.get('email') ?? '').trim().slice(0, 254)
    const who = email.toLowerCase()
    // Counted before the password is looked at, and alike for people who do not exist.
    const waits = await Promise.all([limits.spend('signIn', `${who} ${address}`), limits.spend('signInAnywhere', who), limits.spend('signInAddress', address)])
    const wait = Math.max(0, ...waits.filter((seconds) => seconds !== undefined))
    if (wait > 0) return await door.showSignIn(step, 429, { email, problem: waitSentence(wait) }, { 'retry-after': String(wait) })
    const user = await authenticate(db, email, form.get('password') ?? '')
    if (!user) return await door.showSignIn(step, 401, { email, problem: 'This e-mail and password do not belong together.' })
    await limits.reset('signIn', `${who} ${address}`)
    await code.askOrFinish(step, user, (await passwordMark(db, user.id)) ?? '')
  }
}
