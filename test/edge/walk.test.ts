/** The main walk through the real protocol, in one process: discovery, registration, PKCE, sign-in, consent, tools/list, a call; in both eras. */
import { expect, test } from 'vitest'
import { type Era, textOf } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { fixtureTools } from './fixtures.ts'

const app = sharedApp({ tools: fixtureTools })

test.each<Era>(['2026-07-28', '2025-06-18'])('a %s client signs in, lists and calls', async (era) => {
  const client = await app.connect('analyst', '/c/acme', { era })
  expect(client.getServerVersion()).toMatchObject({ name: 'mercat', title: 'Mercat', websiteUrl: app.origin })
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(['echo', 'fail', 'list_rows', 'long_text', 'quote', 'slow'])
  expect(tools[0]).toMatchObject({
    title: 'Echo',
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
    inputSchema: { type: 'object' },
    outputSchema: { type: 'object' },
  })
  const answer = await client.callTool({ name: 'echo', arguments: { text: 'hello' } })
  expect(answer.structuredContent).toEqual({ said: 'hello' })
  expect(textOf(answer)).toContain('Said: hello')
  expect((await client.callTool({ name: 'echo' })).structuredContent).toEqual({ said: 'nothing' })
  expect((await client.callTool({ name: 'old_echo', arguments: {} })).structuredContent).toEqual({ said: 'nothing' })
})
