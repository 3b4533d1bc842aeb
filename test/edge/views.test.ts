/** The views of the chat at the wire, in both eras: which tools name one, what a host is told of it, and that its page is small and reaches for nothing. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { beforeAll, describe, expect, test } from 'vitest'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { listTool } from '../../src/catalog/listing.ts'
import { noNarrowing, offersOf } from '../../src/catalog/offer.ts'
import { toolMeta, viewNames, viewUri } from '../../src/catalog/views.ts'
import { createLog } from '../../src/core/log.ts'
import { readViews } from '../../src/edge/views.ts'
import type { Era } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { period, putViewsWorld } from '../views-world.ts'

const app = sharedApp()
beforeAll(async () => await putViewsWorld(app))

const most = 150 * 1024

describe.each<Era>(['2026-07-28', '2025-06-18'])('%s', (era) => {
  let client: Client
  beforeAll(async () => {
    client = await app.connect('owner', '/c/acme', { era })
  })

  test('the server says that it has views', () => {
    expect(client.getServerCapabilities()).toMatchObject({ extensions: { 'io.modelcontextprotocol/ui': {} } })
  })
  test('a tool names its view, and the view can be read', async () => {
    const listed = (await client.listTools()).tools
    const named = Object.fromEntries(listed.filter(({ _meta }) => _meta).map(({ name, _meta }) => [name, _meta]))
    expect(named).toMatchObject({
      campaign_report: { ui: { resourceUri: 'ui://mercat/report.html' } },
      flow_report: { ui: { resourceUri: 'ui://mercat/report.html' } },
      account_overview: { ui: { resourceUri: 'ui://mercat/overview.html' } },
    })
    const views = [...new Set(Object.values(named).map((meta) => (meta as { ui: { resourceUri: string } }).ui.resourceUri))]
    const resources = (await client.listResources()).resources.filter(({ uri }) => uri.startsWith('ui://'))
    expect(resources.map(({ uri }) => uri).sort()).toEqual(views.sort())
    for (const { uri, mimeType, _meta } of resources) {
      expect({ mimeType, _meta }).toEqual({
        mimeType: 'text/html;profile=mcp-app',
        _meta: { ui: { csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] }, prefersBorder: true } },
      })
      const { contents } = await client.readResource({ uri })
      expect(contents).toHaveLength(1)
      expect(contents[0]).toMatchObject({ uri, mimeType, _meta })
    }
  })
  test('an answer of theirs names the account, for the view; others say nothing more than they did', async () => {
    const report = await client.callTool({ name: 'campaign_report', arguments: period })
    expect(report._meta).toMatchObject({ 'mercat/account': 'ACME' })
    expect(report.content).toMatchObject([{ type: 'text', text: expect.stringContaining('Spring sale opening') }])
    expect((await client.callTool({ name: 'user', arguments: {} }))._meta?.['mercat/account']).toBeUndefined()
  })
  test('a view whose tools are not offered is unknown, like one that does not exist', async () => {
    const narrow = await app.connect('owner', '/c/acme?toolsets=knowledge', { era })
    expect((await narrow.listResources()).resources.map(({ uri }) => uri).filter((uri) => uri.startsWith('ui:'))).toEqual([])
    for (const uri of ['ui://mercat/report.html', 'ui://mercat/../report.html', 'ui://mercat/index.html', 'ui://mercat/constructor.html'])
      await expect(narrow.readResource({ uri })).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('Unknown resource') })
  })
})

describe.each(viewNames)('the page of %s', (name) => {
  const html = () => readViews(createLog('silent', 'silent')).get(name) ?? ''
  test('is one small page that stands alone', () => {
    expect(html()).toMatch(/^<!doctype html>/i)
    expect(Buffer.byteLength(html())).toBeLessThan(most)
    // The only addresses in it are names of vocabularies, which nobody fetches.
    const addresses = [...html().matchAll(/\b(?:https?|wss?):\/\/[^\s"'`<)]*|["'`(](?:data|blob):[^\s"'`<)]*/g)].map(([address]) => address)
    expect(addresses.filter((address) => address !== 'http://www.w3.org/2000/svg')).toEqual([])
    expect(html()).not.toMatch(/<(?:link|img|iframe|object|embed|base)\b|\bsrc=|@import|@font-face|\burl\(/)
  })
  test('allows its own script and style alone, and makes no element from text', () => {
    expect(html()).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^' ]+'; style-src 'sha256-[^' ]+'; base-uri 'none'; form-action 'none'"/,
    )
    expect(html()).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|setTimeout\(['"`]/)
    // It only shows: nothing in it calls a tool, writes into the chat or stores anything.
    expect(html()).not.toMatch(/tools\/call|ui\/message|update-model-context|localStorage|sessionStorage|indexedDB|fetch\(|XMLHttpRequest|WebSocket|sendBeacon/)
  })
})

test('a tool that creates something is the model’s alone: no view may call it', () => {
  expect(toolMeta('draft', 'draft')).toEqual({ ui: { resourceUri: viewUri('draft'), visibility: ['model'] } })
  expect(toolMeta('report', 'read')).toEqual({ ui: { resourceUri: viewUri('report') } })
  for (const { tool } of tools) if (tool.view === 'draft') expect(tool.effect).toBe('draft')
})

test('without a build it says so once for each view, and the tools are what they are without', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'mercat-views-'))
  const said: unknown[][] = []
  const log = { ...createLog('silent', 'silent'), error: (...words: unknown[]) => said.push(words) } as unknown as Parameters<typeof readViews>[0]
  const none = readViews(log, empty)
  await rm(empty, { recursive: true })
  expect(none.size).toBe(0)
  expect(said).toEqual(viewNames.map((view) => [{ view }, expect.stringContaining('npm run dashboard')]))
  const offers = offersOf(app.pipeline.catalog, [{ ...(await principal()) }], noNarrowing)
  expect(offers.some(({ entry }) => entry.tool.view)).toBe(true)
  expect(offers.map((offer) => listTool(offer, false, none)).filter(({ _meta }) => _meta)).toEqual([])
})

async function principal() {
  const checked = await app.identity.check(await app.token('owner', 'c/acme'), 'c/acme')
  if (!checked.ok) throw new Error('The owner has no token')
  return checked.principals[0]!
}
