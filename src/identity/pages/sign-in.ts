/** The sign-in page: e-mail and password, the other ways where there are any, errors in place. Checks nothing. */
import { html } from 'hono/html'
import { brand, page, problemNotice, type Script } from './layout.ts'

export interface SignInView {
  readonly csrf: string
  /** Where the sign-in leads. */
  readonly returnTo: string
  /** The app that asks, with the token of its interaction's form; undefined: the person comes for Mercat itself. */
  readonly asking: { readonly name: string; readonly csrf: string } | undefined
  readonly email: string
  /** Somebody is signed in here and proves it anew. */
  readonly again: boolean
  /** Why the last try failed. */
  readonly problem?: string | undefined
  /** A button for passkeys; it works by `script`. */
  readonly passkeys?: boolean | undefined
  /** A way to the external provider. */
  readonly external?: { readonly name: string } | undefined
  readonly script?: Script | undefined
}

const lead = (view: SignInView) =>
  view.asking
    ? html`to let <strong>${view.asking.name}</strong> work with your marketing data. What it may do comes on the next page.`
    : view.again
      ? 'What you want to do needs proof that it is you.'
      : 'to see your accounts, apps and people.'

/** The part for passkeys is hidden until the script has seen that the browser knows them. */
const otherWays = ({ csrf, returnTo, passkeys, external }: SignInView) =>
  html`${
    external
      ? html`<div class="or">or</div>
<a class="button plain" href="/sign-in/external?return_to=${encodeURIComponent(returnTo)}">Sign in with ${external.name}</a>
`
      : passkeys
        ? html`<div class="or" data-passkey hidden>or</div>
`
        : ''
  }${
    passkeys
      ? html`<form method="post" action="/sign-in/passkey" id="passkey" data-passkey hidden><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="return_to" value="${returnTo}"><input type="hidden" name="assertion"><button class="plain">Sign in with a passkey</button><p class="problem" id="passkey-problem" role="alert"></p></form>
`
      : ''
  }`

export function signInPage(view: SignInView): Promise<string> {
  const invalid = view.problem === undefined ? '' : html` aria-invalid="true" aria-describedby="problem"`
  const title = view.again ? 'Sign in again' : 'Sign in'
  return page(
    view.problem === undefined ? title : 'Sign-in failed',
    html`
${brand}
<h1>${title}</h1>
<p class="lead">${lead(view)}</p>
${problemNotice(view.problem)}
<form method="post" action="/sign-in">
<input type="hidden" name="csrf" value="${view.csrf}">
<input type="hidden" name="return_to" value="${view.returnTo}">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${view.email}"${view.email === '' ? html` autofocus` : ''}${invalid}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="512"${view.email === '' ? '' : html` autofocus`}${invalid}>
<button class="primary" name="action" value="sign-in">Sign in</button>
</form>
${otherWays(view)}
${
  view.asking
    ? html`<form method="post" action="${view.returnTo}" class="who"><input type="hidden" name="csrf" value="${view.asking.csrf}">Not what you expected? <button class="link" name="action" value="deny">Back to ${view.asking.name}</button></form>`
    : html`<p class="who">Forgotten the password? Ask whoever runs this Mercat for a new one.</p>`
}`,
    view.script,
  )
}
