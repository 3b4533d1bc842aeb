/** The sign-in page: e-mail and password, errors in place. Checks nothing. */
import { html } from 'hono/html'
import type { AppView } from './app-view.ts'
import { mark, page } from './layout.ts'

export interface SignInView {
  readonly app: AppView
  readonly csrf: string
  readonly email: string
  /** Why the last try failed. */
  readonly problem?: string | undefined
}

export function signInPage(view: SignInView): Promise<string> {
  const invalid = view.problem === undefined ? '' : html` aria-invalid="true" aria-describedby="problem"`
  return page(
    view.problem === undefined ? 'Sign in' : 'Sign-in failed',
    html`
<div class="brand">${mark} Mercat</div>
<h1>Sign in</h1>
<p class="lead">to let <strong>${view.app.name}</strong> work with your marketing data. What it may do comes on the next page.</p>
${view.problem === undefined ? '' : html`<div class="notice bad" role="alert" id="problem"><p>${view.problem}</p></div>`}
<form method="post">
<input type="hidden" name="csrf" value="${view.csrf}">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${view.email}"${view.email === '' ? html` autofocus` : ''}${invalid}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="512"${view.email === '' ? '' : html` autofocus`}${invalid}>
<button class="primary" name="action" value="sign-in">Sign in</button>
</form>
<form method="post" class="who"><input type="hidden" name="csrf" value="${view.csrf}">Not what you expected? <button class="link" name="action" value="deny">Back to ${view.app.name}</button></form>`,
  )
}
