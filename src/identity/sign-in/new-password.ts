/** The page behind a one-time link: a new password, which ends every session and connected app of the person before it signs them in. */
import { describeError, MercatError } from '../../core/errors.ts'
import { findPasswordLink, newPasswordByLink, passwordMark } from '../../domain/accounts/index.ts'
import { deadLinkPage, newPasswordPage } from '../pages/new-password.ts'
import type { CodeStep } from './code.ts'
import { recordForPerson } from './security-events.ts'
import type { Door, Step, StepHandler } from './step.ts'

export function createNewPassword(door: Door, code: CodeStep): { show: StepHandler; save: StepHandler } {
  const { db, clock } = door

  async function showForm(step: Step, token: string, status = 200, problem?: string): Promise<void> {
    const link = await findPasswordLink(db, token, clock())
    if (!link) return door.show(step.res, 404, await deadLinkPage())
    door.show(step.res, status, await newPasswordPage({ csrf: door.binding.token(step.browser), token, email: link.email, problem }))
  }

  return {
    show: (step) => showForm(step, step.query.get('token') ?? ''),
    save: async (step) => {
      const { form } = step
      const token = form.get('token') ?? ''
      const password = form.get('password') ?? ''
      if (password !== form.get('repeated')) return await showForm(step, token, 400, 'The two passwords are not the same.')
      try {
        const user = await newPasswordByLink(db, token, password, clock())
        if (!user) return door.show(step.res, 404, await deadLinkPage())
        await recordForPerson(db, clock, user.id, 'password.reset')
        await code.askOrFinish({ ...step, returnTo: '/' }, user, (await passwordMark(db, user.id)) ?? '')
      } catch (error) {
        if (!(error instanceof MercatError) || error.code !== 'invalid_arguments') throw error
        await showForm(step, token, 400, describeError(error))
      }
    },
  }
}
