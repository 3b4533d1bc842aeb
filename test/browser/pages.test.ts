/** The pages a person meets, in a real Chromium, with and without JavaScript, on a desktop and on a telephone: connect, sign-in, consent, back to the app. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { type App, authorizationUrl, newPkce, postToken, registerApp } from '../clients/oauth.ts'
import { expectFits, sharedChromium } from './chromium.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()
/** The client app's redirect address, as a native app has one. */
let callback: Server
let app: App
const arrived: URL[] = []

beforeAll(async () => {
  callback = createServer((req, res) => {
    if (req.url?.startsWith('/callback')) arrived.push(new URL(req.url, 'http://127.0.0.1'))
    res.end('You can close this page.')
  }).listen(0, '127.0.0.1')
  await once(callback, 'listening')
  const { port } = callback.address() as { port: number }
  app = await registerApp(mercat.origin, { redirect_uris: [`http://127.0.0.1:${port}/callback`], client_name: 'Browser test' })
})

afterAll(async () => {
  callback?.close()
})

describe.each([
  { javaScript: false, width: 1280 },
  { javaScript: false, width: 360 },
  { javaScript: true, width: 1280 },
])('JavaScript $javaScript, $width wide', ({ javaScript, width }) => {
  test('the connect page shows how to connect', async () => {
    const { page, close } = await openProfile({ javaScriptEnabled: javaScript, width })
    await page.goto(mercat.at('/c/acme'))
    await expectFits(page)
    expect(await page.textContent('body')).toContain(`claude mcp add --transport http mercat ${mercat.at('/c/acme')}`)
    await close()
  })

  test('a person signs in, consents and is back at the app with a code that works', async () => {
    const { page, close, expectComplaint } = await openProfile({ javaScriptEnabled: javaScript, width })
    // A wrong password may be answered with an error status, which a browser reports.
    expectComplaint(/status of 4\d\d/)
    const pkce = newPkce()
    const resource = mercat.at('/c/acme')
    await page.goto(authorizationUrl(mercat.origin, app, resource, pkce))
    await expectFits(page)
    await page.fill('input[type=email]', 'analyst@example.com')
    await page.fill('input[type=password]', 'not the password')
    await page.click('button[value=sign-in]')
    expect(await page.inputValue('input[type=email]')).toBe('analyst@example.com')
    await page.fill('input[type=password]', password)
    await page.click('button[value=sign-in]')
    await page.waitForSelector('button[value=allow]')
    await expectFits(page)
    expect(await page.textContent('body')).toContain('Browser test')
    arrived.length = 0
    await page.click('button[value=allow]')
    await page.waitForURL(/\/callback\?/)
    const code = arrived[0]?.searchParams.get('code')
    const answer = await postToken(mercat.origin, {
      grant_type: 'authorization_code',
      code: String(code),
      redirect_uri: app.redirectUri,
      client_id: app.clientId,
      code_verifier: pkce.verifier,
      resource,
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    await close()
  })
})
