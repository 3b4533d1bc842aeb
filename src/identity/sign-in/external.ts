/** Signing in by the external OpenID provider: the way there and the way back, bound to one browser and good once. Starts no session for anybody whom the rules do not name. */
import { randomBytes } from 'node:crypto'
import { seeOther } from '../forms.ts'
import type { Challenges } from './challenges-repository.ts'
import { type Stopped, stoppedPage, stopStatus } from './external-page.ts'
import type { Recognise } from './external-people.ts'
import { type Arrived, type Checks, ExternalError, type ExternalProvider } from './external-provider.ts'
import { signInPath } from './return-to.ts'
import { type Door, type Step, type StepHandler, waitSentence } from './step.ts'

export interface ExternalSteps {
  /** A link and not a form: a form may lead only where its page's CSP says, and providers forward to further ones. */
  readonly 'GET /sign-in/external': StepHandler
  readonly 'GET /sign-in/callback': StepHandler
}

export function createExternalSteps(door: Door, provider: ExternalProvider, recognise: Recognise, challenges: Challenges): ExternalSteps {
  async function stop(step: Step, stopped: Stopped, returnTo: string): Promise<void> {
    const page = await stoppedPage(stopped, provider.name, signInPath(returnTo))
    door.show(step.res, stopStatus[stopped], page, {}, stopped === 'away' ? { 'retry-after': '30' } : {})
  }

  return {
    'GET /sign-in/external': async (step) => {
      // Another site may send people to the sign-in page, but not through it.
      if (step.req.headers['sec-fetch-site'] === 'cross-site') return seeOther(step.res, signInPath(step.returnTo))
      const wait = await door.limits.spend('challenge', step.address)
      if (wait !== undefined) return await door.showSignIn(step, 429, { problem: waitSentence(wait) }, { 'retry-after': String(wait) })
      // Somebody who is signed in comes to prove it anew: a session at the provider is no proof.
      const again = (await door.browsers.current(step.req, step.res)) !== undefined
      const secrets = { nonce: randomBytes(32).toString('base64url'), verifier: randomBytes(32).toString('base64url') }
      const proved = again ? { provedAfter: String(Math.floor(door.clock().getTime() / 1000)) } : {}
      const content = { ...secrets, ...proved, returnTo: step.returnTo }
      try {
        const state = await challenges.make('external.sign_in', step.browser, content)
        seeOther(step.res, (await provider.authorizationUrl(checksOf(state, content))).href)
      } catch (error) {
        if (!(error instanceof ExternalError)) throw error
        await stop(step, error.kind, step.returnTo)
      }
    },

    'GET /sign-in/callback': async (step) => {
      const state = step.query.get('state') ?? ''
      const content = await challenges.take('external.sign_in', step.browser, state)
      if (!content) return await stop(step, 'stale', '/')
      const { returnTo = '/' } = content
      let arrived: Arrived
      try {
        arrived = await provider.arrived(step.query, checksOf(state, content))
      } catch (error) {
        if (!(error instanceof ExternalError)) throw error
        return await stop(step, error.kind, returnTo)
      }
      const { user, refused } = await recognise(arrived)
      if (!user) return await stop(step, refused, returnTo)
      await door.finishSignIn(step, user, ['fed'], returnTo, { provedAt: arrived.provedAt ?? new Date(0) })
    },
  }
}

function checksOf(state: string, { nonce = '', verifier = '', provedAfter }: Record<string, string>): Checks {
  return { state, nonce, verifier, provedAfter: provedAfter === undefined ? undefined : Number(provedAfter) }
}
