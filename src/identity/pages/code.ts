/** The page of the second step: the authenticator app's code, or a recovery code. Checks nothing. */
import { html } from 'hono/html'
import { signInPath } from '../sign-in/return-to.ts'
import { brand, page, problemNotice } from './layout.ts'

export interface CodeView {
  readonly csrf: string
  /** Proof of the first step, sealed. */
  readonly ticket: string
  readonly returnTo: string
  /** Why the last try failed, and which field it was. */
  readonly problem?: { readonly text: string; readonly field: 'code' | 'recovery' } | undefined
}

export function codePage(view: CodeView): Promise<string> {
  const { problem } = view
  const failed = problem?.field
  const invalid = failed === 'code' ? html` aria-invalid="true" aria-describedby="problem"` : ''
  const described = failed === 'recovery' ? html` autofocus aria-invalid="true" aria-describedby="problem recovery-help"` : html` aria-describedby="recovery-help"`
  const hidden = html`<input type="hidden" name="csrf" value="${view.csrf}"><input type="hidden" name="ticket" value="${view.ticket}"><input type="hidden" name="return_to" value="${view.returnTo}">`
  return page(
    problem === undefined ? 'Enter your code' : 'Sign-in failed',
    html`
${brand}
<h1>Enter your code</h1>
<p class="lead">Open your authenticator app and type the 6 digits that it shows for Mercat.</p>
${problemNotice(problem?.text)}
<form method="post" action="/sign-in/code">${hidden}
<label for="code">Code</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,8}" title="6 digits" maxlength="8" required${failed === 'recovery' ? '' : html` autofocus`}${invalid}>
<button class="primary" name="action" value="code">Sign in</button>
</form>
<details class="after"${failed === 'recovery' ? html` open` : ''}><summary>No telephone at hand?</summary>
<form method="post" action="/sign-in/code">${hidden}
<label for="recovery">Recovery code</label>
<input id="recovery" name="recovery" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="40" required${described}>
<p class="help" id="recovery-help">One of the ten that you kept when you set the app up. Each is good once.</p>
<button class="plain" name="action" value="recovery">Use the recovery code</button>
</form></details>
<p class="who"><a href="${signInPath(view.returnTo, { again: true })}">Sign in as someone else</a></p>`,
  )
}
