/** The whole way of a draft: an assistant proposes it through a real client, a person edits and approves it in a real browser, and the platform that sends hears of it by a webhook that an independent library verifies. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tokenScopes, toolsetNames } from '../../src/core/access.ts'
import { updateSettings } from '../../src/domain/accounts/index.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import { textOf } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { sharedChromium, signIn } from '../browser/chromium.ts'
import { Receiver, verified } from '../webhooks/receiver.ts'

const app = sharedApp()
const openProfile = sharedChromium()
// biome-ignore lint/suspicious/noExplicitAny: answers of tools, looked into by name
type Answer = any
let platform: Receiver
let client: Client
let owner: Dashboard
let secret: string
beforeAll(async () => {
  platform = await new Receiver().open()
  owner = await openDashboard(app.origin, app.people.owner)
  await updateSettings(app.stores.db, app.accounts.acme.id, { toolsets: [...toolsetNames] })
  const headers = { authorization: `Bearer ${await app.token('owner', 'c/acme', tokenScopes.join(' '))}` }
  client = new Client({ name: 'assistant', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
  await client.connect(new StreamableHTTPClientTransport(new URL(app.at('/c/acme')), { requestInit: { headers } }))
  secret = (await owner.ok<{ secret: string }>('webhooks/add', { account: 'acme', url: platform.url() })).secret
})
afterAll(async () => {
  await client?.close()
  await platform?.close()
})

async function proposed(name: string, args: Record<string, unknown>): Promise<Answer> {
  const made = await client.callTool({ name, arguments: args })
  expect(made.isError, textOf(made)).toBeFalsy()
  return made.structuredContent
}
const stored = async (id: string) => await app.stores.db.selectFrom('entities').select(['name', 'status', 'definition']).where('id', '=', id).executeTakeFirstOrThrow()

test('proposed in one sentence, seen, edited and approved by a person, told to the platform', async () => {
  const answer = await proposed('create_campaign_draft', {
    name: 'Autumn winback',
    channel: 'Email',
    audience: 'customers who have not ordered in the last 90 days',
    subject: 'We miss you',
    sendAt: '2041-10-01T09:00',
    idempotencyKey: 'autumn-winback-1',
  })
  expect(answer).toMatchObject({
    draft: { type: 'campaign', name: 'Autumn winback', status: 'draft' },
    understood: [expect.objectContaining({ means: expect.stringContaining('did not place any order in the last 90 days') })],
    definition: { schedule: { sendAt: '2041-10-01T09:00:00+02:00' } },
  })
  const [campaign, group] = answer.created.map(({ id }: Answer) => id)
  expect(answer.link).toBe(`${app.origin}/a/acme/drafts/${campaign}`)
  expect(platform.received).toEqual([])

  const { page, close } = await openProfile()
  await signIn(page, app.origin, app.people.owner, '/a/acme/drafts')
  await page.getByRole('link', { name: 'Autumn winback', exact: true }).click()
  await page.waitForURL(answer.link)
  await page.getByText('customers who have not ordered in the last 90 days').first().waitFor()
  await page.getByRole('textbox', { name: 'Subject', exact: true }).fill('Come back this autumn')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved as a new version').waitFor()
  await page.getByRole('button', { name: 'Approve and activate' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Approve and activate' }).click()
  await page.getByText('Approved: it is active now').waitFor()
  await close()
  expect(await stored(campaign)).toMatchObject({ status: 'active', definition: { template: { subject: 'Come back this autumn' } } })
  expect((await stored(group)).status).toBe('active')

  // Of the group that was made for it and of itself: approved, and active.
  await platform.until(() => platform.received.length === 4)
  const messages = platform.take().map((message) => verified(secret, message))
  expect(messages.map(({ type, data }) => [type, (data.entity as Answer).id]).sort()).toEqual(
    [
      ['draft.approved', campaign],
      ['draft.approved', group],
      ['entity.activated', campaign],
      ['entity.activated', group],
    ].sort(),
  )
  expect(messages.find(({ type, data }) => type === 'entity.activated' && (data.entity as Answer).id === campaign)?.data).toMatchObject({
    account: { systemName: 'acme' },
    decidedBy: app.people.owner.id,
    entity: { type: 'campaign', name: 'Autumn winback', status: 'active', channel: 'Email', definition: { template: { subject: 'Come back this autumn' } } },
  })
})

test('while the platform is away nothing is lost; what it has taken twice has the same id', async () => {
  const { draft } = await proposed('create_trigger_draft', { name: 'Large deposit', description: 'fires on a deposit event with amount greater than 100' })
  expect((await stored(draft.id)).definition).toMatchObject({ event: 'deposit', where: [{ field: 'amount', op: '>', value: '100' }] })
  // It takes the first message and fails to say so.
  platform.answers((response) => void response.destroy())
  await owner.ok('drafts/approve', { account: 'acme', id: draft.id, revision: 1, start: 'now' })
  // The retry comes after the five seconds of the schedule, on its own.
  await platform.until(() => platform.received.length === 3)
  const ids = platform.received.map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids).size).toBe(2)
  for (const message of platform.take()) expect(verified(secret, message).type).toMatch(/^(draft\.approved|entity\.activated)$/)
  const { deliveries } = await owner.ok<Answer>('webhooks/deliveries', { account: 'acme' })
  expect(deliveries.map(({ state }: Answer) => state)).toEqual(Array.from({ length: 6 }, () => 'delivered'))
})

test('a rejection is told with its reason', async () => {
  const { draft } = await proposed('create_target_group_draft', { name: 'Nobody', tree: { attribute: 'orders', op: '>', value: 1_000_000 } })
  await owner.ok('drafts/reject', { account: 'acme', id: draft.id, revision: 1, reason: 'It is nobody' })
  await platform.until(() => platform.received.length === 1)
  const [message] = platform.take()
  expect(verified(secret, message!)).toMatchObject({ type: 'draft.rejected', data: { reason: 'It is nobody', entity: { id: draft.id, status: 'archived' } } })
})
