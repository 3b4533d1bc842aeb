/** The page a person sees who opens an MCP address in a browser: how to connect each assistant. The same for every account name, existing or not; works without scripts. */
import { html, raw } from 'hono/html'
import { brand, cspHash, head } from '../../identity/pages/layout.ts'
import { style } from '../../identity/pages/style.ts'
import { connectScript, connectStyle } from './connect-style.ts'
import { guardHeaders } from '../answers.ts'
import { type ClientGuide, guideTo, type Step, type Words } from './guide.ts'

const sheet = `${style}\n${connectStyle}`

export const connectPageHeaders: Record<string, string> = {
  ...(guardHeaders as Record<string, string>),
  'content-type': 'text/html; charset=utf-8',
  // Exactly this sheet and this script may run; buttons that open an assistant are plain links.
  'content-security-policy': `default-src 'none'; style-src ${cspHash(sheet)}; script-src ${cspHash(connectScript)}; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
}

type Html = ReturnType<typeof html>

/** @param resource the endpoint that was opened */
export async function connectPage({ origin, resource: path }: { origin: string; resource: `c/${string}` | 'mcp' }): Promise<string> {
  const { url, local, clients } = guideTo(origin, path)
  const account = path === 'mcp' ? undefined : path.slice(2)
  return String(
    await html`<!doctype html>
<html lang="en">
${head('Connect an assistant', '/favicon.svg', sheet)}
<body>
<main class="wide">
${brand}
<h1>${account === undefined ? 'Connect your assistant to Mercat' : html`Connect your assistant to <span class="name">${account}</span>`}</h1>
<p class="lead">Ask about campaigns, flows and audiences in your own words. The assistant signs in as you, sees what you may see, and never sends anything to a customer.</p>
<section class="address" aria-label="Address of the connector">
<h2>Connector address</h2>
${snippet(url)}
${account === undefined ? html`<p class="hint">At sign-in you choose the account or accounts. For one account only, use <code>${origin}/c/&lt;account&gt;</code>.</p>` : ''}
</section>
${local ? html`<div class="notice"><p>This address is reachable from this computer only. Claude Code, Cursor and VS Code connect to it right away; Claude and ChatGPT on the web connect from their own servers and need a public https address.</p></div>` : ''}
<section class="clients" aria-label="Assistants">
${clients.map((client) => section(client, client.id === (local ? 'claude-code' : 'claude')))}
</section>
<footer><a href="/manifest.json">All tools, as JSON</a></footer>
</main>
<script>${raw(connectScript)}</script>
</body>
</html>`,
  )
}

/** One click selects all of it; where scripts run, a button copies it. */
function snippet(text: string): Html | Promise<Html> {
  return html`<div class="snippet"><pre tabindex="0">${text}</pre></div>`
}

function section({ name, kind, open: button, ordered, steps }: ClientGuide, open: boolean): Html | Promise<Html> {
  return html`<details name="client"${open ? raw(' open') : ''}><summary><span>${name}</span> <small>${kind}</small></summary><div class="steps">
${button ? html`<p><a class="button" href="${button.href}">${button.label}</a></p>` : ''}
${ordered ? html`<ol>${steps.map((step) => html`<li>${stepOf(step)}</li>`)}</ol>` : steps.map(({ words, snippet: text }) => html`<p>${words.map(piece)}</p>${text === undefined ? '' : snippet(text)}`)}
</div></details>`
}

function stepOf({ words, snippet: text }: Step): Html | Promise<Html> {
  return html`${words.map(piece)}${text === undefined ? '' : snippet(text)}`
}

function piece(word: Words[number]): Html | Promise<Html> | string {
  if (typeof word === 'string') return word
  if ('button' in word) return html`<b>${word.button}</b>`
  if ('code' in word) return html`<code>${word.code}</code>`
  if ('keys' in word) return html`<kbd>${word.keys}</kbd>`
  return html`<a href="${word.href}" rel="noreferrer">${word.link}</a>`
}
