/** What a browser sees when the dashboard was not built: how to build it. Only a server that was started without `npm start` shows it. */
import { html } from 'hono/html'
import { brand, cspHash, head } from '../../identity/pages/layout.ts'
import { style } from '../../identity/pages/style.ts'

export const notBuiltPolicy = `default-src 'none'; style-src ${cspHash(style)}; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export async function notBuiltPage(): Promise<string> {
  return String(
    await html`<!doctype html>
<html lang="en">
${head('The dashboard is not built', '/favicon.svg', style)}
<body>
<main>
${brand}
<h1>The dashboard is not built yet</h1>
<p class="lead">In the folder of Mercat run <code>npm run dashboard</code> and start Mercat again. <code>npm start</code> does it by itself.</p>
<p>Apps are not touched by this: the MCP endpoints, signing in and consent work.</p>
</main>
</body>
</html>`,
  )
}
