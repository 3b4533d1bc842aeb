/** An operator at the command line, inside the running server: what the dashboard forbids there, and that everything is audited. */
import { expect, test } from 'vitest'
import { commandRunner } from '../../src/cli/inside.ts'
import { readConfig } from '../../src/config.ts'
import { findAccount, listMembers, newPasswordByLink } from '../../src/domain/accounts/index.ts'
import { createInvitations } from '../../src/domain/administration/index.ts'
import { password } from '../app.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { sharedApp } from '../shared.ts'
import { sourceHouse } from '../source-house.ts'
import { lastEvent, memberships, newPerson } from './support.ts'

const app = sharedApp()

/** @returns exit code, what it printed, what it remarked */
async function mercat(...argv: string[]): Promise<[code: number, out: string, notes: string]> {
  const [out, notes]: [string[], string[]] = [[], []]
  const io = { print: (text: string) => out.push(text), note: (text: string) => notes.push(text), progress: () => {}, ask: () => Promise.reject(new Error('nobody to ask')) }
  const run = commandRunner(readConfig({ MERCAT_PUBLIC_URL: 'https://mercat.example.com' }), app.stores, sourceHouse())
  const code = await run({ argv, cwd: '/' }, io, new AbortController().signal)
  return [code, out.join('\n'), notes.join('\n')]
}
const byOperator = { user_id: null, client_id: 'cli', outcome: 'ok' }

test('member invite prints a link of the public address, and only the link', async () => {
  const [code, out, notes] = await mercat('member', 'invite', 'acme', 'cli@example.com', '--role', 'owner')
  expect([code, out]).toEqual([0, expect.stringMatching(/^https:\/\/mercat\.example\.com\/invitation\?token=[\w-]{43}$/)])
  expect(notes).toMatch(/^Invites cli@example\.com to acme as Owner, once, until /)
  expect(await lastEvent(app, 'acme', 'member.invited')).toMatchObject({ ...byOperator, input: { email: 'cli@example.com', role: 'owner' } })
  const invitations = createInvitations(app.stores)
  const token = new URL(out).searchParams.get('token') ?? ''
  expect((await invitations.find(token))?.inviter).toBeUndefined()
  const joined = await invitations.accept(token, { name: 'Cli', password })
  expect(await memberships(app, 'acme', joined?.user.id ?? '')).toMatchObject({ role: 'owner' })
})

test('an invitation is listed, and withdrawn by its address', async () => {
  const [, link] = await mercat('member', 'invite', 'acme', 'Late@example.com', '--role', 'analyst', '--add-scope', 'read:billing')
  expect((await mercat('member', 'list', 'acme'))[1]).toMatch(/\| Late@example\.com \| {2}\| Analyst \| \+read:billing \| {2}\| invited until \d{4}-\d\d-\d\d \|/)
  expect((await mercat('member', 'withdraw', 'acme', 'late@example.com'))[0]).toBe(0)
  expect(await createInvitations(app.stores).find(new URL(link).searchParams.get('token') ?? '')).toBeUndefined()
  expect(await lastEvent(app, 'acme', 'invitation.withdrawn')).toMatchObject({ ...byOperator, input: { email: 'Late@example.com' } })
  expect(await mercat('member', 'withdraw', 'acme', 'late@example.com')).toMatchObject([1, '', expect.stringContaining('no open invitation')])
})

test('nobody is added by an address that an invitation of a member gave out, until it is proved', async () => {
  const owner = await openDashboard(app.origin, app.people.owner)
  const invited = await owner.ok<{ link: string }>('members/invite', { account: 'acme', email: 'claimed@example.com', role: 'analyst' })
  const joined = await createInvitations(app.stores).accept(new URL(invited.link).searchParams.get('token') ?? '', { name: 'Claimed', password })
  const add = () => mercat('member', 'add', 'globex', 'claimed@example.com', '--role', 'analyst')
  expect(await add()).toMatchObject([1, '', expect.stringContaining('mercat user reset claimed@example.com')])
  const [, link] = await mercat('user', 'reset', 'claimed@example.com')
  expect((await newPasswordByLink(app.stores.db, new URL(link).searchParams.get('token') ?? '', 'chosen by the owner of it', new Date()))?.id).toBe(joined?.user.id)
  expect((await add())[0]).toBe(0)
})

test('members are added, changed and removed, each with who and what in the audit log', async () => {
  const person = await newPerson(app)
  expect(await mercat('member', 'add', 'acme', person.email, '--role', 'customer_support', '--add-scope', 'read:mcp')).toMatchObject([
    0,
    `${person.email} is Customer Support of acme.`,
    '',
  ])
  expect(await lastEvent(app, 'acme', 'member.added')).toMatchObject({ ...byOperator, input: { person: person.id, role: 'customer_support', scopesAdded: ['read:mcp'] } })
  expect((await mercat('member', 'set', 'acme', person.email, '--role', 'analyst', '--unrestricted'))[0]).toBe(0)
  expect(await lastEvent(app, 'acme', 'member.changed')).toMatchObject({ ...byOperator, input: { changes: { role: { from: 'customer_support', to: 'analyst' } } } })
  expect(await mercat('member', 'set', 'acme', person.email, '--brand', 'brd_nowhere')).toMatchObject([1, '', expect.stringContaining('There is no brand "brd_nowhere"')])
  expect(await mercat('member', 'set', 'acme', person.email, '--role', 'boss')).toMatchObject([1, '', expect.stringContaining('There is no role "boss"')])
  expect((await mercat('member', 'remove', 'acme', person.email))[0]).toBe(0)
  expect(await lastEvent(app, 'acme', 'member.removed')).toMatchObject({ ...byOperator, input: { person: person.id } })
  expect(await mercat('member', 'remove', 'acme', person.email)).toMatchObject([1, '', expect.stringContaining('not a member')])
})

test('an operator may take the last owner away, which nobody can at the dashboard', async () => {
  expect((await mercat('member', 'set', 'globex', app.people.stranger.email, '--role', 'analyst'))[0]).toBe(0)
  expect((await listMembers(app.stores.db, app.accounts.globex.id)).filter(({ role }) => role === 'owner')).toEqual([])
  expect((await mercat('member', 'remove', 'globex', app.people.stranger.email))[0]).toBe(0)
})

test('accounts are made, changed and switched, each audited', async () => {
  expect((await mercat('account', 'create', 'hooli', '--name', 'Hooli', '--currency', 'EUR'))[0]).toBe(0)
  const hooli = await findAccount(app.stores.db, 'hooli')
  const event = async (name: string) =>
    (
      await app.stores.db
        .selectFrom('audit')
        .selectAll()
        .where('account_id', '=', hooli?.id ?? '')
        .where('tool', '=', name)
        .execute()
    )[0]
  expect(await event('account.created')).toMatchObject(byOperator)
  expect((await mercat('account', 'mcp', 'hooli', 'on'))[0]).toBe(0)
  expect((await mercat('account', 'mcp', 'hooli', 'on'))[0]).toBe(0)
  expect(await event('mcp.enabled')).toMatchObject(byOperator)
  expect((await mercat('account', 'change', 'hooli', '--time-zone', 'Europe/Vienna', '--currency', 'USD'))[0]).toBe(0)
  expect(await event('settings.changed')).toMatchObject({ ...byOperator, input: { timeZone: { from: 'UTC', to: 'Europe/Vienna' }, currency: { from: 'EUR', to: 'USD' } } })
  expect(await mercat('account', 'change', 'hooli')).toMatchObject([1, '', expect.stringContaining('Nothing to change')])
  expect(await mercat('account', 'settings', 'hooli', '--set', '{"privacyFlor": 1}')).toMatchObject([1, '', expect.stringContaining('Nearest: privacyFloor')])
  const [code, out] = await mercat('account', 'settings', 'hooli', '--set', '{"privacyFloor": 1}')
  expect([code, JSON.parse(out)]).toMatchObject([0, { privacyFloor: 1, retentionDays: 30 }])
  const points = [{ name: 'points', type: 'number' }]
  expect((await mercat('account', 'settings', 'hooli', '--set', JSON.stringify({ customerAttributes: points })))[0]).toBe(0)
  expect(await event('settings.changed')).toMatchObject({ ...byOperator, input: { customerAttributes: { from: [], to: points } } })
  expect(JSON.parse((await mercat('account', 'settings', 'hooli'))[1])).toMatchObject({ customerAttributes: points, privacyFloor: 1 })
})
