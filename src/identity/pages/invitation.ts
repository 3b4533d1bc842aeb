/** The page behind an invitation: who invites to which account, and the one step that this browser can take. Decides nothing. */
import { html } from 'hono/html'
import { brand, type Html, page, problemNotice } from './layout.ts'
import { passwordFields } from './new-password.ts'

export interface InvitationView {
  readonly csrf: string
  readonly token: string
  readonly email: string
  readonly account: string
  readonly role: string
  /** undefined: whoever runs this Mercat. */
  readonly inviter: { readonly name: string; readonly email: string } | undefined
  /** What this browser can do: join as who is signed in, sign in first, sign in as the other, or become known. */
  readonly step: { readonly kind: 'join' | 'sign-in' | 'new' } | { readonly kind: 'other'; readonly signedInAs: string }
  /** What was typed for the name. */
  readonly name?: string | undefined
  readonly problem?: string | undefined
}

export function invitationPage(view: InvitationView): Promise<string> {
  const title = `Join ${view.account}`
  return page(
    view.problem === undefined ? title : 'Not joined yet',
    html`
${brand}
<h1>${title}</h1>
<p class="lead">${view.inviter ? html`<strong>${view.inviter.name}</strong> (${view.inviter.email}) invites you` : 'Whoever runs this Mercat invites you'} to the account <strong>${view.account}</strong>.</p>
<dl class="facts">
<div><dt>Your role</dt><dd>${view.role}</dd></div>
<div><dt>For</dt><dd>${view.email}</dd></div>
</dl>
${problemNotice(view.problem)}
${step(view)}`,
  )
}

function step(view: InvitationView): Html | Promise<Html> {
  // What was typed stays; a password never does, so it is where one goes on.
  const named = Boolean(view.name)
  const hidden = html`<input type="hidden" name="csrf" value="${view.csrf}"><input type="hidden" name="token" value="${view.token}">`
  switch (view.step.kind) {
    case 'join':
      return html`<form method="post" action="/invitation">${hidden}<button class="primary" name="action" value="join">Join</button></form>`
    case 'sign-in':
      return html`<p>You are known here. Sign in, then join.</p>
<form method="post" action="/invitation">${hidden}<button class="primary" name="action" value="switch">Sign in</button></form>`
    case 'other':
      return html`<div class="notice warn" role="note"><p>You are signed in as <strong>${view.step.signedInAs}</strong>. The invitation is for ${view.email}.</p></div>
<form method="post" action="/invitation">${hidden}<button class="primary" name="action" value="switch">Sign in as somebody else</button></form>`
    case 'new':
      return html`<form method="post" action="/invitation">${hidden}
<input type="email" name="email" value="${view.email}" autocomplete="username" readonly hidden>
<label for="name">Your name</label>
<input id="name" name="name" type="text" autocomplete="name" required maxlength="100" value="${view.name ?? ''}"${named ? '' : html` autofocus`}>
${passwordFields('Password', { focus: named, failed: view.problem !== undefined })}
<button class="primary" name="action" value="join">Join</button>
</form>`
  }
}
