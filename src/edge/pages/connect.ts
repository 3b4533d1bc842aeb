/** The page a person sees who opens an MCP address in a browser: how to connect each assistant. The same for every account name, existing or not; works without scripts. */
import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import { isLoopbackOrigin } from '../../core/loopback.ts'
import { head, mark } from '../../identity/pages/layout.ts'
import { style } from '../../identity/pages/style.ts'
import { connectScript, connectStyle } from './connect-style.ts'
import { guardHeaders } from '../answers.ts'

const sheet = `${style}\n${connectStyle}`
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export const connectPageHeaders: Record<string, string> = {
  ...(guardHeaders as Record<string, string>),
  'content-type': 'text/html; charset=utf-8',
  // Exactly this sheet and this script may run; buttons that open an assistant are plain links.
  'content-security-policy': `default-src 'none'; style-src ${hashOf(sheet)}; script-src ${hashOf(connectScript)}; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
}

type Html = ReturnType<typeof html>

export async function connectPage({ origin, resource: path }: { origin: string /** The endpoint that was opened. */; resource: `c/${string}` | 'mcp' }): Promise<string> {
  const url = `${origin}/${path}`
  const account = path === 'mcp' ? undefined : path.slice(2)
  const local = origin.startsWith('http:') && isLoopbackOrigin(origin)
  return String(
    await html`<!doctype html>
<html lang="en">
${head('Connect an assistant', '/favicon.svg', sheet)}
<body>
<main class="wide">
<div class="brand">${mark}Mercat</div>
<h1>${account === undefined ? 'Connect your assistant to Mercat' : html`Connect your assistant to <span class="name">${account}</span>`}</h1>
<p class="lead">Ask about campaigns, flows and audiences in your own words. The assistant signs in as you, sees what you may see, and never sends anything to a customer.</p>
<section class="address" aria-label="Address of the connector">
<h2>Connector address</h2>
${snippet(url)}
${account === undefined ? html`<p class="hint">At sign-in you choose the account or accounts. For one account only, use <code>${origin}/c/&lt;account&gt;</code>.</p>` : ''}
</section>
${local ? html`<div class="notice"><p>This address is reachable from this computer only. Claude Code, Cursor and VS Code connect to it right away; Claude and ChatGPT on the web connect from their own servers and need a public https address.</p></div>` : ''}
<section class="clients" aria-label="Assistants">
${client(
  'Claude',
  'web and desktop',
  html`
<ol>
<li>Open <a href="https://claude.ai/settings/connectors" rel="noreferrer">Settings → Connectors</a> and choose <b>Add custom connector</b>.</li>
<li>Name it <b>Mercat</b> and paste the address:${snippet(url)}</li>
<li>Choose <b>Connect</b>, sign in to Mercat and allow what the page lists.</li>
</ol>`,
  !local,
)}
${client(
  'Claude Code',
  'terminal',
  html`
<ol>
<li>Add the connector:${snippet(`claude mcp add --transport http mercat ${url}`)}</li>
<li>In Claude Code type <kbd>/mcp</kbd>, choose <b>mercat</b> and sign in.</li>
</ol>`,
  local,
)}
${client(
  'ChatGPT',
  'web and desktop',
  html`
<ol>
<li>Open <b>Settings → Apps &amp; Connectors → Advanced</b> and switch on <b>Developer mode</b>.</li>
<li>Choose <b>Create</b>, name it <b>Mercat</b>, paste the address and keep <b>OAuth</b>:${snippet(url)}</li>
<li>Choose <b>Create</b> again, then sign in to Mercat.</li>
</ol>`,
)}
${client(
  'Cursor',
  'editor',
  html`
<p><a class="button" href="${cursorLink(url)}">Add to Cursor</a></p>
<p>Or put this into <code>~/.cursor/mcp.json</code>:</p>${snippet(JSON.stringify({ mcpServers: { mercat: { url } } }, null, 2))}
<p>Cursor then shows <b>Needs login</b>: click it and sign in to Mercat.</p>`,
)}
${client(
  'VS Code',
  'editor',
  html`
<p><a class="button" href="${codeLink(url)}">Add to VS Code</a></p>
<p>Or in a terminal:</p>${snippet(`code --add-mcp '${JSON.stringify({ name: 'mercat', type: 'http', url })}'`)}
<p>VS Code asks to sign in when the first tool is used.</p>`,
)}
${client(
  'Any other client',
  'MCP over Streamable HTTP',
  html`
<p>Use the address as it is. The client finds the sign-in by itself (OAuth 2.1 with PKCE; client metadata documents and dynamic registration are both supported).</p>
<p>To offer fewer tools, add <code>?read_only=1</code> or <code>?toolsets=reports</code> to the address.</p>`,
)}
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

function client(name: string, kind: string, body: Html | Promise<Html>, open = false): Html | Promise<Html> {
  return html`<details name="client"${open ? raw(' open') : ''}><summary><span>${name}</span> <small>${kind}</small></summary><div class="steps">${body}</div></details>`
}

/** Cursor's install link: the server's configuration as base64. */
function cursorLink(url: string): string {
  return `cursor://anysphere.cursor-deeplink/mcp/install?name=mercat&config=${encodeURIComponent(Buffer.from(JSON.stringify({ url })).toString('base64'))}`
}

/** VS Code's install link: the server's configuration, percent-encoded. */
function codeLink(url: string): string {
  return `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: 'mercat', type: 'http', url }))}`
}
