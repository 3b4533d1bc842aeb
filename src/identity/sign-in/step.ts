/** What every step at the door rests on: the request, its browser, its form, and the two ways it ends (the page again, or signed in). Decides nobody's identity. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../core/clock.ts'
import { passwordMark, type User } from '../../domain/accounts/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { seeOther } from '../forms.ts'
import type { Limits } from '../limits.ts'
import type { BrowserSessions, SignInMethod } from '../oauth/browser.ts'
import type { AppView } from '../pages/app-view.ts'
import { type PageHeaders, pageHeaders } from '../pages/layout.ts'
import { type SignInView, signInPage } from '../pages/sign-in.ts'
import type { Secrets } from '../secrets.ts'
import type { Binding } from './binding.ts'
import { interactionOf } from './return-to.ts'

/** One request at the door. A POST comes here only with a form of this browser. */
export interface Step {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly query: URLSearchParams
  /** Empty at a GET. */
  readonly form: URLSearchParams
  readonly address: string
  /** The browser's id (binding.ts): what is sealed for it opens in no other one. */
  readonly browser: string
  /** Where the sign-in leads: a path of this origin. */
  readonly returnTo: string
}
export type StepHandler = (step: Step) => Promise<void>

/** The app's request that a sign-in is for. */
export interface AskingApp {
  readonly app: AppView
  /** Whom the app expects to sign in (OpenID Connect's login_hint). */
  readonly hint: string
  /** The token of the interaction's own form, to go back to the app. */
  readonly csrf: string
}

export interface DoorParts {
  readonly db: Db
  readonly secrets: Secrets
  readonly limits: Limits
  readonly browsers: BrowserSessions
  readonly clock: Clock
  readonly origin: string
  readonly askingApp: (uid: string) => Promise<AskingApp | undefined>
}

/** Ways to sign in besides the password, as the page offers them. */
export type OtherWays = Pick<SignInView, 'passkeys' | 'external' | 'script'>

export interface Door extends DoorParts {
  readonly binding: Binding
  readonly show: (res: ServerResponse, status: number, body: string, page?: PageHeaders, headers?: Record<string, string>) => void
  /** The sign-in page, with what went wrong. */
  readonly showSignIn: (step: Step, status?: number, given?: { email?: string; problem?: string }, headers?: Record<string, string>) => Promise<void>
  /** Signs the browser in and goes on to where it was going. @param proof when they proved it, if not now; the password it rests on, by its mark */
  readonly finishSignIn: (step: Step, user: User, methods: readonly SignInMethod[], returnTo: string, proof?: { readonly provedAt?: Date; readonly mark?: string }) => Promise<void>
  /** Where a form's answer may lead besides this origin. */
  readonly formTargets: (returnTo: string) => Promise<readonly string[]>
}

export function createSteps(parts: DoorParts, binding: Binding, otherWays: (step: Step) => Promise<OtherWays>): Door {
  const appOf = async (returnTo: string) => {
    const uid = interactionOf(returnTo)
    return uid === undefined ? undefined : await parts.askingApp(uid)
  }
  const show: Door['show'] = (res, status, body, page = {}, headers = {}) => void res.writeHead(status, { ...pageHeaders(page), ...headers }).end(body)

  const showSignIn: Door['showSignIn'] = async (step, status = 200, given = {}, headers = {}) => {
    const [asking, person, ways] = await Promise.all([appOf(step.returnTo), parts.browsers.current(step.req, step.res), otherWays(step)])
    const view: SignInView = {
      csrf: binding.token(step.browser),
      returnTo: step.returnTo,
      asking: asking && { name: asking.app.name, csrf: asking.csrf },
      email: given.email ?? (asking?.hint || person?.user.email || ''),
      again: person !== undefined,
      problem: given.problem,
      ...ways,
    }
    show(step.res, status, await signInPage(view), { formTargets: asking ? [asking.app.redirectUri] : [], script: ways.script }, headers)
  }

  return {
    ...parts,
    binding,
    show,
    showSignIn,
    finishSignIn: async (step, user, methods, returnTo, { provedAt, mark } = {}) => {
      const uid = await parts.browsers.start(step.req, step.res, user, methods, provedAt)
      // Looked at again now that the session stands: a new password that ended all sessions while the old one was being checked must end this one too.
      if (mark !== undefined && (await passwordMark(parts.db, user.id)) !== mark) {
        await parts.browsers.end(user.id, { only: uid })
        return await showSignIn(step, 401, { problem: 'Something changed meanwhile. Sign in again.' })
      }
      seeOther(step.res, returnTo)
    },
    formTargets: async (returnTo) => {
      const asking = await appOf(returnTo)
      return asking ? [asking.app.redirectUri] : []
    },
  }
}

/** The sentence for somebody who must wait. */
export function waitSentence(seconds: number): string {
  return `Too many tries. Wait ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}, then try again.`
}
