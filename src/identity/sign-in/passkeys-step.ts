/** Signing in with a passkey at the door: the question for the browser, its answer, and the small script between them. Judges no answer itself. */
import { scriptOf } from '../pages/layout.ts'
import type { Passkeys } from './passkeys.ts'
import { type Door, type StepHandler, waitSentence } from './step.ts'

/**
 * Shows the button where the browser knows passkeys, and puts the authenticator's answer into the form. Without it the page works as if there were no passkeys.
 * A button called `action` hides the form's own property, and so could one called `submit`.
 */
export const passkeyScript = scriptOf(`(() => {
  const form = document.getElementById('passkey')
  if (!form || !window.PublicKeyCredential?.parseRequestOptionsFromJSON) return
  for (const part of document.querySelectorAll('[data-passkey]')) part.hidden = false
  const problem = document.getElementById('passkey-problem')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    problem.textContent = ''
    try {
      form.elements.assertion.value = ''
      const answer = await fetch('/sign-in/passkey', { method: 'POST', body: new URLSearchParams(new FormData(form)) })
      if (!answer.ok) throw new Error(answer.status === 429 ? 'Too many tries. Wait a little, then try again.' : 'This page is too old. Reload it.')
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await answer.json())
      const credential = await navigator.credentials.get({ publicKey })
      form.elements.assertion.value = JSON.stringify(credential.toJSON())
      HTMLFormElement.prototype.submit.call(form)
    } catch (error) {
      problem.textContent = error.name === 'Error' ? error.message : 'No passkey was used. Try again, or sign in another way.'
    }
  })
})()`)

/** POST /sign-in/passkey: without an assertion the answer is what the authenticator must sign; with one, the sign-in. */
export function createPasskeyStep(door: Door, passkeys: Passkeys): StepHandler {
  const { limits } = door
  return async (step) => {
    const { res, form, address, browser } = step
    const assertion = form.get('assertion') ?? ''
    const wait = await limits.spend(assertion ? 'signInAddress' : 'challenge', address)
    if (wait !== undefined) return await door.showSignIn(step, 429, { problem: waitSentence(wait) }, { 'retry-after': String(wait) })
    if (!assertion) return void res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(await passkeys.beginSignIn(browser)))
    const user = await passkeys.finishSignIn(browser, parsed(assertion))
    // A passkey that nobody has, somebody else's, a copied one, an old answer: one sentence for all.
    if (!user) return await door.showSignIn(step, 401, { problem: 'This passkey does not sign in here. Try again, or sign in another way.' })
    await door.finishSignIn(step, user, ['hwk'], step.returnTo)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
