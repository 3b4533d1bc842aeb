/** The one door: which path of signing in is which step. Whoever comes in, for the dashboard or for an app, comes in here. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { FormRefusedError, readForm, seeOther } from '../forms.ts'
import { doorProblemPage } from '../pages/message.ts'
import { createBinding } from './binding.ts'
import type { Challenges } from './challenges-repository.ts'
import { createCodeStep } from './code.ts'
import { createExternalSteps } from './external.ts'
import type { Recognise } from './external-people.ts'
import type { ExternalProvider } from './external-provider.ts'
import { createInvitation } from './invitation.ts'
import { createNewPassword } from './new-password.ts'
import type { Passkeys } from './passkeys.ts'
import { createPasskeyStep, passkeyScript } from './passkeys-step.ts'
import { createPasswordStep } from './password.ts'
import { safeReturnTo } from './return-to.ts'
import type { SecondFactor } from './second-factor.ts'
import { createSteps, type DoorParts, type StepHandler } from './step.ts'

export type SignInPages = (req: IncomingMessage, res: ServerResponse, url: URL, address: string) => Promise<void>

const paths = /^\/(?:sign-in(?:\/[a-z]{1,20})?|new-password|invitation)$/
export const isSignInPath = (pathname: string): boolean => paths.test(pathname)

export interface SignInParts extends DoorParts {
  readonly secondFactor: SecondFactor
  readonly passkeys: Passkeys
  readonly challenges: Challenges
  readonly external: { readonly provider: ExternalProvider; readonly recognise: Recognise } | undefined
}

export function createSignIn(parts: SignInParts): SignInPages {
  const { passkeys, external } = parts
  const binding = createBinding(parts.secrets, parts.origin)
  const door = createSteps(parts, binding, async () => ({
    ...(passkeys.possible.ok && { passkeys: true, script: passkeyScript }),
    ...(external && { external: { name: external.provider.name } }),
  }))
  const code = createCodeStep(door, parts.secondFactor)
  const newPassword = createNewPassword(door, code)
  const invitation = createInvitation(door)

  const showSignIn: StepHandler = async (step) => {
    const person = step.query.get('again') === '1' ? undefined : await parts.browsers.current(step.req, step.res)
    if (person) seeOther(step.res, step.returnTo)
    else await door.showSignIn(step)
  }

  /** Every step there is. A POST is let in only with a form that was made for this browser. */
  const routes: Readonly<Record<string, StepHandler>> = {
    'GET /sign-in': showSignIn,
    'POST /sign-in': createPasswordStep(door, code),
    'POST /sign-in/code': code.check,
    ...(passkeys.possible.ok && { 'POST /sign-in/passkey': createPasskeyStep(door, passkeys) }),
    ...(external && createExternalSteps(door, external.provider, external.recognise, parts.challenges)),
    'GET /new-password': newPassword.show,
    'POST /new-password': newPassword.save,
    'GET /invitation': invitation.show,
    'POST /invitation': invitation.act,
  }

  async function take(req: IncomingMessage, res: ServerResponse, url: URL, address: string): Promise<void> {
    const method = req.method === 'HEAD' ? 'GET' : (req.method ?? '')
    const handler = Object.hasOwn(routes, `${method} ${url.pathname}`) ? routes[`${method} ${url.pathname}`] : undefined
    // A page that is only posted to, opened by its address or reloaded: back to the beginning.
    if (!handler && method === 'GET') return seeOther(res, '/sign-in')
    if (!handler) return door.show(res, 405, await doorProblemPage('invalid_request'), {}, { allow: 'GET, POST' })
    const query = url.searchParams
    if (method === 'GET')
      return await handler({ req, res, address, query, form: new URLSearchParams(), browser: binding.give(req, res), returnTo: safeReturnTo(query.get('return_to')) })
    const form = await readForm(req, parts.origin)
    const browser = binding.read(req)
    // Without the cookie the form was shown in another browser, or made by another site.
    if (browser === undefined || !binding.verifies(browser, form.get('csrf') ?? '')) throw new FormRefusedError('cross_site', 'the form was not made for this browser')
    await handler({ req, res, address, query, form, browser, returnTo: safeReturnTo(form.get('return_to')) })
  }

  return async (req, res, url, address) => {
    try {
      await take(req, res, url, address)
    } catch (error) {
      if (!(error instanceof FormRefusedError)) throw error
      door.show(res, error.status, await doorProblemPage(error.code))
    }
  }
}
