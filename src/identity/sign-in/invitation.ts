/** The page behind an invitation: joins the person who is signed in, sends others to sign in, and makes new people known. Whose invitation it is, the domain decides. */
import { describeError, MercatError } from '../../core/errors.ts'
import { linkPath } from '../../domain/accounts/index.ts'
import { createInvitations, type Joining } from '../../domain/administration/index.ts'
import { FormRefusedError, seeOther } from '../forms.ts'
import { invitationPage, type InvitationView } from '../pages/invitation.ts'
import { deadLinkPage } from '../pages/new-password.ts'
import { signInPath } from './return-to.ts'
import type { Door, Step, StepHandler } from './step.ts'

export function createInvitation(door: Door): { show: StepHandler; act: StepHandler } {
  const invitations = createInvitations(door)

  async function showPage(step: Step, token: string, status = 200, given: Pick<InvitationView, 'name' | 'problem'> = {}): Promise<void> {
    const facts = await invitations.find(token)
    if (!facts) return door.show(step.res, 404, await deadLinkPage())
    const person = (await door.browsers.current(step.req, step.res))?.user
    const own = person?.email.toLowerCase() === facts.email.toLowerCase()
    const view = { csrf: door.binding.token(step.browser), token, email: facts.email, account: facts.account.name, role: facts.roleTitle, inviter: facts.inviter, ...given }
    const next: InvitationView['step'] = person && !own ? { kind: 'other', signedInAs: person.email } : { kind: person ? 'join' : facts.known ? 'sign-in' : 'new' }
    door.show(step.res, status, await invitationPage({ ...view, step: next }))
  }

  async function join(step: Step, token: string): Promise<void> {
    const { form } = step
    const name = form.get('name') ?? ''
    const person = (await door.browsers.current(step.req, step.res))?.user
    if (!person && form.get('password') !== form.get('repeated')) return await showPage(step, token, 400, { name, problem: 'The two passwords are not the same.' })
    const joining: Joining = person ? { userId: person.id } : { name, password: form.get('password') ?? '' }
    try {
      const joined = await invitations.accept(token, joining)
      if (!joined) return door.show(step.res, 404, await deadLinkPage())
      const home = `/a/${joined.account.systemName}`
      if (person) seeOther(step.res, home)
      else await door.finishSignIn(step, joined.user, ['pwd'], home)
    } catch (error) {
      if (!(error instanceof MercatError) || error.status >= 500) throw error
      await showPage(step, token, error.status, { name, problem: describeError(error) })
    }
  }

  return {
    show: (step) => showPage(step, step.query.get('token') ?? ''),
    act: async (step) => {
      const token = step.form.get('token') ?? ''
      const action = step.form.get('action')
      if (action === 'join') return await join(step, token)
      if (action !== 'switch') throw new FormRefusedError('invalid_request', 'this page has no such action')
      await door.browsers.leave(step.req, step.res)
      seeOther(step.res, signInPath(linkPath('invitation', token)))
    },
  }
}
