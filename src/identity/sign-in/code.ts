/** The second step for people with an authenticator app: a code, or a recovery code. The first step is proved by a sealed ticket that only this browser can bring back. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { findUser, passwordMark, type User } from '../../domain/accounts/index.ts'
import { type CodeView, codePage } from '../pages/code.ts'
import type { SecondFactor } from './second-factor.ts'
import { type Door, type Step, type StepHandler, waitSentence } from './step.ts'

/** How long one may look for the telephone. */
const ticketMs = 5 * 60_000

const ticketSchema = z.object({ id: z.string(), userId: z.string(), mark: z.string(), until: z.number(), returnTo: z.string() })
type Ticket = z.output<typeof ticketSchema>

export interface CodeStep {
  /** After the right password: asks for the code if the person has an authenticator app, otherwise signs in. @param mark the password that was given (passwordMark) */
  readonly askOrFinish: (step: Step, user: User, mark: string) => Promise<void>
  /** POST /sign-in/code */
  readonly check: StepHandler
}

export function createCodeStep(door: Door, secondFactor: SecondFactor): CodeStep {
  const { secrets, limits, clock, db } = door
  const place = (browser: string) => `sign-in ticket\0${browser}`

  function read(step: Step): Ticket | undefined {
    try {
      const ticket = ticketSchema.parse(JSON.parse(secrets.open(step.form.get('ticket') ?? '', place(step.browser))))
      return ticket.until > clock().getTime() ? ticket : undefined
    } catch {
      // Forged, or of another browser: the seal does not open.
      return undefined
    }
  }

  async function show(step: Step, sealed: string, returnTo: string, status = 200, problem?: CodeView['problem'], headers: Record<string, string> = {}): Promise<void> {
    const body = await codePage({ csrf: door.binding.token(step.browser), ticket: sealed, returnTo, problem })
    door.show(step.res, status, body, { formTargets: await door.formTargets(returnTo) }, headers)
  }

  return {
    askOrFinish: async (step, user, mark) => {
      if (!(await secondFactor.isOn(user.id))) return await door.finishSignIn(step, user, ['pwd'], step.returnTo, { mark })
      const ticket: Ticket = { id: randomBytes(16).toString('base64url'), userId: user.id, mark, until: clock().getTime() + ticketMs, returnTo: step.returnTo }
      await show(step, secrets.seal(JSON.stringify(ticket), place(step.browser)), step.returnTo)
    },

    check: async (step) => {
      const ticket = read(step)
      const again = () => door.showSignIn({ ...step, returnTo: ticket?.returnTo ?? step.returnTo }, 401, { problem: 'That took too long, or something changed. Sign in again.' })
      if (!ticket) return await again()
      const wait = await limits.spendInTurn([
        ['codeTicket', ticket.id],
        ['code', ticket.userId],
      ])
      const sealed = step.form.get('ticket') ?? ''
      const recovery = step.form.get('recovery')
      const field = recovery === null ? 'code' : 'recovery'
      if (wait !== undefined) return await show(step, sealed, ticket.returnTo, 429, { text: waitSentence(wait), field }, { 'retry-after': String(wait) })
      const user = await findUser(db, ticket.userId)
      // Disabled, or given a new password, since the first step: the ticket is no proof any more.
      if (!user || user.disabled || (await passwordMark(db, user.id)) !== ticket.mark) return await again()
      const method = recovery !== null ? await secondFactor.spendRecovery(user.id, recovery) : await secondFactor.spendCode(user.id, step.form.get('code') ?? '')
      if (!method) {
        const text = recovery !== null ? 'This is not one of your unused recovery codes.' : 'This code is not right. Take the one your app shows now; each is good once.'
        return await show(step, sealed, ticket.returnTo, 401, { text, field })
      }
      await limits.reset('code', user.id)
      await door.finishSignIn(step, user, ['pwd', method], ticket.returnTo, { mark: ticket.mark })
    },
  }
}
