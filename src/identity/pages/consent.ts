/** The consent page: who asks, where the answer goes, for which account, to do what, and what it can never do. Grants nothing itself. */
import { html } from 'hono/html'
import { type Scope, scopeTable } from '../../core/access.ts'
import { type AppView, initialOf } from './app-view.ts'
import { type Html, mark, page, problemNotice } from './layout.ts'

export interface AccountChoice {
  readonly id: string
  readonly name: string
  readonly systemName: string
  /** false: MCP is off for it. */
  readonly enabled: boolean
  readonly chosen: boolean
}

export interface ConsentView {
  readonly app: AppView
  readonly csrf: string
  readonly person: { readonly name: string; readonly email: string }
  /** The one account of the URL, or those to choose from. */
  readonly account: string | readonly AccountChoice[]
  /** What is asked now. */
  readonly scopes: readonly Scope[]
  /** What was allowed before and stays allowed. */
  readonly allowed: readonly Scope[]
  /** The person's role has no access through assistants: the connection will answer nothing yet. */
  readonly withoutMcp: boolean
  readonly problem?: string | undefined
}

const groups: readonly { title: string; columns: boolean; holds: (scope: Scope) => boolean }[] = [
  { title: 'It may', columns: false, holds: (scope) => scope.endsWith(':mcp') },
  { title: 'See', columns: true, holds: (scope) => scope.startsWith('read:') && scope !== 'read:mcp' },
  { title: 'Prepare and create', columns: false, holds: (scope) => !scope.startsWith('read:') && scope !== 'write:mcp' },
]

/** Under the heading "See" the words need not begin with it again. */
const wordsOf = (scope: Scope, title: string) => {
  const { words } = scopeTable[scope]
  const short = title === 'See' && words.startsWith('See ') ? words.slice(4) : words
  return short.charAt(0).toUpperCase() + short.slice(1)
}

function scopeList(scopes: readonly Scope[]): Html {
  const shown = groups.map(({ title, columns, holds }) => ({ title, columns, held: scopes.filter(holds) })).filter(({ held }) => held.length > 0)
  return html`${shown.map(({ title, columns, held }) => html`<section class="group"><h2>${title}</h2><ul class="scopes${columns && held.length > 3 ? ' columns' : ''}">${held.map((scope) => html`<li>${wordsOf(scope, title)}</li>`)}</ul></section>`)}`
}

/** More than this, and the accounts scroll in a box of their own: the buttons stay in reach of somebody who is in hundreds. */
const mostShown = 6

/** What was chosen before comes first, what cannot be chosen last. */
function accountField(account: ConsentView['account']): Html | '' {
  if (typeof account === 'string') return ''
  const many = account.length > mostShown
  const rank = ({ chosen, enabled }: AccountChoice) => (chosen ? 0 : enabled ? 1 : 2)
  const ordered = account.toSorted((a, b) => rank(a) - rank(b))
  return html`<fieldset><legend>Accounts it may work with${many ? ` (${account.length})` : ''}</legend><div${many ? html` class="box"` : ''}>${ordered.map(
    (choice) => html`
<label class="choice"><input type="checkbox" name="account" value="${choice.id}"${choice.chosen ? html` checked` : ''}${choice.enabled ? '' : html` disabled`}><span>${choice.name}<small>${choice.systemName}${choice.enabled ? '' : ' · MCP is not enabled for this account'}</small></span></label>`,
  )}</div></fieldset>`
}

export function consentPage(view: ConsentView): Promise<string> {
  const { app } = view
  const stepUp = view.allowed.length > 0
  const heading = `${app.name} ${!stepUp ? 'asks for access' : view.scopes.length > 0 ? 'asks for more' : 'asks for access again'}`
  return page(
    heading,
    html`
<div class="pair"><span class="app" aria-hidden="true">${initialOf(app.name)}</span><span class="dots" aria-hidden="true"></span>${mark}</div>
<h1>${heading}</h1>
<p class="lead">${typeof view.account === 'string' ? html`To work as you in the account <strong>${view.account}</strong>.` : html`To work as you in the accounts you choose.`}</p>
<dl class="facts">
<div><dt>Signed in as</dt><dd>${view.person.name}<small>${view.person.email}</small></dd></div>
<div><dt>Access goes to</dt><dd>${app.destination}</dd></div>
${app.vouchedBy === undefined ? '' : html`<div><dt>Identified by</dt><dd>${app.vouchedBy}</dd></div>`}
</dl>
${problemNotice(view.problem)}
${app.onThisMachine ? html`<div class="notice warn" role="note"><p><strong>This app runs on your own computer.</strong> Mercat cannot check who made it. Go on only if you just started it yourself.</p></div>` : ''}
${view.withoutMcp ? html`<div class="notice warn" role="note"><p><strong>Your role has no access through assistants yet.</strong> You can connect, but calls are refused until an owner of the account grants it.</p></div>` : ''}
<form method="post">
<input type="hidden" name="csrf" value="${view.csrf}">
${accountField(view.account)}
${view.scopes.length > 0 ? html`${stepUp ? html`<h2>New</h2>` : ''}${scopeList(view.scopes)}` : ''}
${stepUp ? html`<details${view.scopes.length === 0 ? html` open` : ''}><summary>Allowed before, stays allowed</summary>${scopeList(view.allowed)}</details>` : ''}
<section class="group"><h2>What it can never do</h2><ul class="scopes never">
<li>Send anything to a customer, or activate, change or delete what exists</li>
<li>See names, addresses, phone numbers or other personal data of customers</li>
<li>See or do more than you may yourself</li>
</ul></section>
<div class="actions"><button class="plain" name="action" value="deny">Cancel</button><button class="primary" name="action" value="allow">Allow</button></div>
</form>
<form method="post" class="who"><input type="hidden" name="csrf" value="${view.csrf}">Not ${view.person.name}? <button class="link" name="action" value="switch">Sign in as someone else</button></form>`,
  )
}
