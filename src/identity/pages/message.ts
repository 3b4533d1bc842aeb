/** Pages that say something and offer at most one step: errors, "you cannot use this", signed in, signed out. */
import { html } from 'hono/html'
import type { AppView } from './app-view.ts'
import { brand, page } from './layout.ts'

/** What a person can do about an OAuth error that cannot go back to the app. */
const advice: Record<string, string> = {
  invalid_client: 'Mercat does not know the app that sent you here, or could not check it. Remove the connection in the app and add it again.',
  invalid_redirect_uri:
    'The app wants the answer at an address it has not registered, or that this server does not allow. If you trust the app, the operator of this server can add the address (MERCAT_REDIRECT_URIS).',
  invalid_request: 'The link from the app is not complete or was changed on the way. Start again from the app.',
  session_expired: 'This page was open too long, was used already, or was begun in another browser. Start again from the app.',
  cross_site: 'The answer did not come from this page, so nothing was done. Start again from the app.',
  rate_limited: 'Too many tries from here. Wait a little, then try again.',
  server_error: 'Something went wrong inside Mercat; the operator’s log has the details. Try again in a moment.',
}

/** @param code an OAuth error code @param detail the technical sentence, for those who build the app */
export function errorPage(code: string, detail?: string): Promise<string> {
  return page(
    'That did not work',
    html`${brand}
<h1>That did not work</h1>
<p class="lead" role="alert">${advice[code] ?? 'The app’s request cannot be answered. Start again from the app.'}</p>
<div class="notice"><p>For the app’s makers: <code>${code}</code>${detail ? html` ${detail}` : ''}</p></div>`,
  )
}

const doorAdvice = {
  cross_site: 'This form was not shown in this browser, or its cookie is gone. Nothing was done.',
  invalid_request: 'This form could not be read. Nothing was done.',
  rate_limited: 'Too many tries from here. Wait a little, then try again.',
} as const

/** A form of the door that was not taken. */
export function doorProblemPage(code: keyof typeof doorAdvice): Promise<string> {
  return page(
    'That did not work',
    html`${brand}
<h1>That did not work</h1>
<p class="lead" role="alert">${doorAdvice[code]}</p>
<p class="who"><a href="/sign-in">To the sign-in page</a></p>`,
  )
}

export interface RefusalView {
  readonly app: AppView
  readonly csrf: string
  readonly email: string
  readonly reason: 'no_access' | 'mcp_disabled' | 'no_scopes'
}

const refusals: Record<RefusalView['reason'], { title: string; text: string }> = {
  // The same words for an account that does not exist: the page must not tell.
  no_access: {
    title: 'Nothing to connect to',
    text: 'There is no account at this address that you belong to. Check the address in the app, or ask an owner of the account to add you.',
  },
  mcp_disabled: { title: 'MCP is not enabled for this account', text: 'Assistants cannot work with it yet. A platform operator can turn MCP on.' },
  no_scopes: { title: 'Your role does not allow this', text: 'You hold none of the permissions the app asks for. An owner of the account can grant them.' },
}

export function refusalPage(view: RefusalView): Promise<string> {
  const { title, text } = refusals[view.reason]
  return page(
    title,
    html`${brand}
<h1>${title}</h1>
<p class="lead">${text}</p>
<form method="post"><input type="hidden" name="csrf" value="${view.csrf}"><button class="primary" name="action" value="deny">Back to ${view.app.name}</button></form>
<form method="post" class="who"><input type="hidden" name="csrf" value="${view.csrf}">Signed in as ${view.email} · <button class="link" name="action" value="switch">Not you?</button></form>`,
  )
}

export function signedInPage(person: { name: string; email: string }, csrf: string): Promise<string> {
  return page(
    'Signed in',
    html`${brand}
<h1>You are signed in</h1>
<p class="lead">as <strong>${person.name}</strong>, ${person.email}. Apps that you connected stay connected when you sign out here.</p>
<form method="post"><input type="hidden" name="csrf" value="${csrf}"><button class="primary">Sign out</button></form>`,
  )
}

export function signedOutPage(): Promise<string> {
  return page(
    'Signed out',
    html`${brand}
<h1>You are signed out</h1>
<p class="lead">Apps that you connected stay connected. You can close this page.</p>
<p class="who"><a href="/sign-in">Sign in</a></p>`,
  )
}
