/** The protocol project's own suite against Mercat: its server, sign-in, gate and pipeline, with a fixture catalog; and its authorization suite, walked by a person. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { sharedApp } from '../shared.ts'
import { Browser } from '../clients/browser.ts'
import { registerApp, walk } from '../clients/oauth.ts'
import { freePort } from '../engines/port.ts'
import { type Exception, expectedFailures, notRequired, type Revision, revisions } from './expected.ts'
import { extendForConformance } from './fixtures/extension.ts'
import { conformanceTools } from './fixtures/tools.ts'
import { startTokenProxy } from './proxy.ts'
import { type Check, runSuite } from './suite.ts'

const app = sharedApp({ tools: [...tools, ...conformanceTools], extend: extendForConformance })
let proxy: Awaited<ReturnType<typeof startTokenProxy>>
beforeAll(async () => {
  // The product's own tools are in the listing that the suite looks at.
  proxy = await startTokenProxy(new URL(app.at('/c/acme')), await app.token('analyst', 'c/acme'))
})
afterAll(async () => {
  proxy?.close()
})

const bad = ({ status }: Check) => status === 'FAILURE' || status === 'WARNING'

async function requiredBy(revision: Revision): Promise<string[]> {
  const file = resolve(import.meta.dirname, `../../node_modules/@modelcontextprotocol/conformance/requirements/${revision}.yaml`)
  return (parse(await readFile(file, 'utf8')) as { server: string[] }).server
}

describe.each(revisions)('what %s requires of a server', (revision) => {
  let checks: readonly Check[]
  beforeAll(async () => {
    checks = (await runSuite(['server', '--url', `http://localhost:${proxy.port}/mcp`, '--requirements', revision])).checks
  })
  const listed = [...expectedFailures, ...notRequired].filter((exception) => exception.revision === revision)
  const of = ({ scenario, check }: Exception) => checks.filter((one) => one.scenario === scenario && (check === undefined || one.id === check))

  test('every required scenario ran', async () => {
    const ran = new Set(checks.map(({ scenario }) => scenario))
    expect((await requiredBy(revision)).filter((scenario) => !ran.has(scenario))).toEqual([])
  })
  test('nothing fails or warns but what is listed', () => {
    const excused = new Set(listed.flatMap(of))
    expect(checks.filter((check) => bad(check) && !excused.has(check)).map(({ scenario, id, errorMessage }) => `${scenario} ${id}: ${errorMessage}`)).toEqual([])
  })
  test('whatever is listed still fails: take from the list what a fix made pass', () => {
    expect(listed.filter((exception) => !of(exception).some(bad)).map(({ scenario, check }) => `${scenario} ${check ?? ''}`)).toEqual([])
  })
  const extended = revision === '2026-07-28'
  test(extended ? 'the Tasks extension passes whole' : 'the Tasks extension is of a later revision', () => {
    const tasks = checks.filter(({ scenario, status }) => scenario.startsWith('tasks-') && status !== 'SKIPPED' && status !== 'INFO')
    console.log(
      `Tasks extension: ${tasks.filter(({ status }) => status === 'SUCCESS').length} of ${tasks.length} checks pass, ${new Set(tasks.map(({ scenario }) => scenario)).size} scenarios`,
    )
    expect(tasks.length).toBe(extended ? 44 : 0)
    expect(tasks.filter(({ status }) => status !== 'SUCCESS')).toEqual([])
  })
  test('the list of expected failures excuses required scenarios, the other list none of them', async () => {
    const required = await requiredBy(revision)
    expect(expectedFailures.filter((one) => one.revision === revision && !required.includes(one.scenario))).toEqual([])
    expect(notRequired.filter((one) => one.revision === revision && required.includes(one.scenario))).toEqual([])
    const scored = checks.filter((one) => required.includes(one.scenario) && one.status !== 'INFO' && one.status !== 'SKIPPED')
    console.log(`${revision}: ${required.length} required scenarios, ${scored.filter((one) => !bad(one)).length} of ${scored.length} checks pass`)
  })
})

test('the authorization suite: metadata and a code grant, with a person at the pages', async () => {
  const port = await freePort()
  const client = await registerApp(app.origin, { redirect_uris: [`http://127.0.0.1:${port}/callback`] })
  const args = ['authorization', '--url', app.origin, '--client-id', client.clientId, '--resource', app.at('/c/acme'), '--port', String(port)]
  let walked: Promise<Response> | undefined
  const { checks } = await runSuite(args, {
    onPrinted: (printed) => {
      const [url] = /http:\/\/\S+\/authorize\?\S+(?=\n)/.exec(printed) ?? []
      if (url) walked ??= walk(new Browser(app.origin), url, app.people.analyst).then((callback) => fetch(callback))
    },
  })
  expect((await walked)?.status).toBe(200)
  expect(checks.filter(bad)).toEqual([])
  expect(checks.filter(({ status }) => status === 'SUCCESS').map(({ scenario }) => scenario)).toEqual(
    expect.arrayContaining(['authorization-server-metadata-endpoint', 'authorization-code-grant']),
  )
})
