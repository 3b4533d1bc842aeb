/** The page behind a one-time link for a new password. Checks nothing. */
import { html } from 'hono/html'
import { brand, type Html, page, problemNotice } from './layout.ts'

export interface NewPasswordView {
  readonly csrf: string
  readonly token: string
  readonly email: string
  readonly problem?: string | undefined
}

/** A password that is chosen: typed twice, with what makes a good one. */
export function passwordFields(label: string, { focus, failed }: { focus: boolean; failed: boolean }): Html | Promise<Html> {
  const described = failed ? html` aria-invalid="true" aria-describedby="problem help"` : html` aria-describedby="help"`
  return html`<label for="password">${label}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="512" required${focus ? html` autofocus` : ''}${described}>
<p class="help" id="help">At least 12 characters. A sentence is easy to remember; a password manager makes one for you.</p>
<label for="repeated">The same again</label>
<input id="repeated" name="repeated" type="password" autocomplete="new-password" minlength="12" maxlength="512" required>`
}

export function newPasswordPage(view: NewPasswordView): Promise<string> {
  const { problem } = view
  return page(
    problem === undefined ? 'Choose a new password' : 'Not saved yet',
    html`
${brand}
<h1>Choose a new password</h1>
<p class="lead">for <strong>${view.email}</strong>. You are signed out everywhere else, and connected apps have to be connected again.</p>
${problemNotice(problem)}
<form method="post" action="/new-password">
<input type="hidden" name="csrf" value="${view.csrf}"><input type="hidden" name="token" value="${view.token}">
<input type="email" name="email" value="${view.email}" autocomplete="username" readonly hidden>
${passwordFields('New password', { focus: true, failed: problem !== undefined })}
<button class="primary" name="action" value="save">Save and sign in</button>
</form>`,
  )
}

/** For a link that leads nowhere: used, too old, mistyped, or of somebody who may not sign in. */
export function deadLinkPage(): Promise<string> {
  return page(
    'This link does not work',
    html`
${brand}
<h1>This link does not work</h1>
<p class="lead" role="alert">It was used already, is too old, or was not copied whole. Ask whoever sent it for a new one.</p>
<p class="who"><a href="/sign-in">Sign in</a></p>`,
  )
}
