/** `mercat source`: beside no server, inside a running one, and that the two open what the other sealed. No secret is an argument, and a key is said once. */
import { expect, test } from 'vitest'
import { sha256 } from '../../src/core/hash.ts'
import { commandRunner } from '../../src/cli/inside.ts'
import { readConfig } from '../../src/config.ts'
import { findByKey, findSource, insertSetAside, openSettings, placeOf, rulesOf } from '../../src/domain/sources/index.ts'
import { sharedApp } from '../shared.ts'
import { sourceHouse } from '../source-house.ts'
import { mercat as mercatProcess, run, startServer, temporaryFolder } from './process.ts'

test('what is added without a server is known inside one; only a server asks a platform', async () => {
  const folder = await temporaryFolder()
  const env = { MERCAT_DATA_DIR: folder }
  expect(await run(['account', 'create', 'shop', '--name', 'My shop'], env)).toMatchObject({ code: 0 })
  const settings = ['--set', 'baseUrl=http://127.0.0.1:1', '--set', 'user=mercat', '--set', 'token=-']
  const added = await run(['source', 'add', 'shop', 'listmonk', '--name', 'Our lists', ...settings], env, { input: 'a token nobody sees\n' })
  expect(added, added.err).toMatchObject({ code: 0, out: expect.stringMatching(/^Added Our lists \(src_\w+\) to shop\.\n[\s\S]*Next: mercat source pull shop 'Our lists'\n$/) })
  expect(await run(['source', 'pull', 'shop', 'our lists'], env)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/runs by itself.*mercat start/) })

  // A reader that has seen enough, like head, is no fault of the command.
  const unread = mercatProcess(['source', 'types'], env)
  unread.process.stdout?.destroy()
  expect(await unread.finished).toMatchObject({ code: 0, err: expect.not.stringContaining('EPIPE') })

  await startServer(folder)
  const shown = await run(['source', 'show', 'shop', 'our lists'], env)
  for (const said of ['| state | silent |', '| baseUrl | http://127.0.0.1:1 |', '| token | set, never shown |']) expect(shown.out).toContain(said)
  expect(await run(['source', 'pull', 'shop', 'our lists'], env)).toMatchObject({ code: 0, out: "listmonk is being asked. Next: mercat source show shop 'Our lists'\n" })
  expect(added.out + added.err + shown.out).not.toContain('a token nobody sees')
})

const app = sharedApp()
const db = () => app.stores.db
const acme = () => app.accounts.acme.id

/** @returns exit code, what it printed, what it remarked; every question is answered with `answers` in turn, and told with what was asked */
async function mercat(argv: readonly string[], ...answers: string[]): Promise<[code: number, out: string, notes: string]> {
  const [out, notes]: [string[], string[]] = [[], []]
  const ask = (question: string, secret: boolean) => {
    notes.push(`${question}${secret ? '(secret)' : ''}`)
    const answer = answers.shift()
    return answer === undefined ? Promise.reject(new Error('nobody to ask')) : Promise.resolve(answer)
  }
  const io = { print: (text: string) => out.push(text), note: (text: string) => notes.push(text), progress: () => {}, ask }
  const code = await commandRunner(readConfig({}), app.stores, sourceHouse(app.identity.seals))({ argv: ['source', ...argv], cwd: '/' }, io, new AbortController().signal)
  return [code, out.join('\n'), notes.join('\n')]
}

const idIn = (out: string) => /\((src_\w+)\)/.exec(out)?.[1] ?? ''
const keyIn = (out: string) => /\/ingest\/mailgun\/([\w-]{32})/.exec(out)?.[1] ?? ''
const settingsNow = async (id: string) => openSettings(app.identity.seals, placeOf(acme(), id), (await findSource(db(), acme(), id))?.settings ?? '')
const events = async () =>
  (await db().selectFrom('audit').select(['tool', 'user_id', 'client_id']).where('account_id', '=', acme()).where('tool', 'like', 'source.%').orderBy('id').execute()).map(
    ({ tool, user_id, client_id }) => [tool, user_id, client_id].join(' '),
  )

test('a webhook is added, finished, renamed, given rules and a new key, turned off and removed', async () => {
  const [, kinds] = await mercat(['types'])
  for (const line of ['| mailgun | Mailgun | webhook | signingKey* |', '| amazon_ses | Amazon SES | webhook | [topicArn] |', '| postmark | Postmark | webhook | [password]*+ |'])
    expect(kinds).toContain(line)
  expect((await mercat(['list', 'acme']))[1]).toContain('acme has no sources yet. mercat source types')
  expect(await mercat(['show', 'acme', 'Mails'])).toMatchObject([1, '', expect.stringContaining('mercat source add acme <type>')])
  expect(await mercat(['add', 'acme', 'mailgum', '--name', 'Mails'])).toMatchObject([1, '', expect.stringContaining('mailgun')])

  const [code, out] = await mercat(['add', 'acme', 'mailgun', '--name', 'Mails'])
  const [id, key] = [idIn(out), keyIn(out)]
  expect([code, (await findByKey(db(), sha256(key), new Date()))?.id]).toEqual([0, id])
  expect(out).toContain(`Address, shown only now: https://mercat.example/ingest/mailgun/${key}`)
  expect(out).toContain('Still needed: Webhook signing key. Until then nothing can be taken from Mailgun.\nNext: mercat source set acme Mails --set signingKey=-')
  expect((await mercat(['show', 'acme', id]))[1]).not.toContain(key)

  const given = 'key-0123456789abcdef0123456789abcdef'
  expect(await mercat(['set', 'acme', 'Mails', '--set', `signingKey=${given}`])).toMatchObject([1, '', expect.stringContaining('Give --set signingKey=- instead')])
  expect(await mercat(['set', 'acme', 'Mails', '--set', 'signingKey'])).toMatchObject([1, '', expect.stringContaining('<name>=<value>')])
  expect(await mercat(['set', 'acme', 'Mails'])).toMatchObject([1, '', expect.stringContaining('Nothing to change')])
  expect(await mercat(['set', 'acme', 'mails', '--set', 'signingKey=-'], given)).toEqual([
    0,
    'Changed Mails.\nNext: let it send, then mercat source show acme Mails',
    'Webhook signing key: (secret)',
  ])
  expect(await settingsNow(id)).toEqual({ signingKey: given })

  expect(await mercat(['set', 'acme', 'mails', '--name', 'News'])).toMatchObject([0, 'Changed News.\nIt was called Mails: what it loaded so far goes by the new name too.', ''])
  await mercat(['set', 'acme', 'News', '--campaign-rules', '[{"from":"tag","prefix":"c:"}]'])
  expect(rulesOf((await findSource(db(), acme(), id)) ?? { campaign_rules: null })).toEqual([{ from: 'tag', prefix: 'c:' }])
  await mercat(['set', 'acme', 'News', '--campaign-rules', 'default'])
  expect(rulesOf((await findSource(db(), acme(), id)) ?? { campaign_rules: [] })).toBeUndefined()
  expect(await mercat(['set', 'acme', 'News', '--campaign-rules', '{}'])).toMatchObject([1, '', expect.stringContaining('JSON list of rules, or default')])

  const [, rotated] = await mercat(['rotate', 'acme', 'News'])
  expect([keyIn(rotated) === key, (await findByKey(db(), sha256(keyIn(rotated)), new Date()))?.id]).toEqual([false, id])
  expect(rotated).toContain('The one from before works too until ')
  expect((await mercat(['off', 'acme', 'News']))[1]).toContain('News is off: what is delivered is refused')
  expect((await mercat(['list', 'acme']))[1]).toContain(`| ${id} | News | Mailgun | off |`)
  expect((await mercat(['on', 'acme', 'News']))[1]).toContain('News is on: what comes is taken')
  expect(await mercat(['pull', 'acme', 'News'])).toMatchObject([1, '', expect.stringContaining('This source is not asked')])

  // What it needs may be taken away, and what then happens is said.
  const cleared = await mercat(['set', 'acme', 'News', '--set', 'signingKey='])
  expect(cleared).toMatchObject([0, expect.stringContaining('Still needed: Webhook signing key. Until then nothing can be taken'), ''])
  expect(await settingsNow(id)).toEqual({})
  expect((await mercat(['remove', 'acme', 'News']))[1]).toContain('Removed News from acme.')
  expect(await findByKey(db(), sha256(keyIn(rotated)), new Date())).toBeUndefined()
  expect(await events()).toEqual(
    ['added', 'changed', 'renamed', 'changed', 'changed', 'rotated', 'turned_off', 'turned_on', 'changed', 'removed'].map((event) => `source.${event}  cli`),
  )
})

test('a password that Mercat makes is made anew when it is taken away, and said where to find it', async () => {
  const [, out] = await mercat(['add', 'acme', 'postmark', '--name', "Ada's receipts"])
  const id = idIn(out)
  const { password = '' } = await settingsNow(id)
  expect(out).toContain(password)
  const [, changed] = await mercat(['set', 'acme', id, '--set', 'password='])
  expect(changed).toContain(`mercat source rotate acme 'Ada'\\''s receipts' shows it, with a new address`)
  const { password: fresh = '' } = await settingsNow(id)
  expect(fresh).not.toBe(password)
  expect((await mercat(['rotate', 'acme', id]))[1]).toContain(fresh)
})

test('what was set aside is sent in again or discarded, all of it or of one reason', async () => {
  const [, out] = await mercat(['add', 'acme', 'api', '--name', 'Till'])
  expect(out).toMatch(/^Key, shown only now: [\w-]{32}$/m)
  const id = idIn(out)
  const sealed = app.identity.seals.sealBytes(Buffer.from('{"event":"nonsense"}'), placeOf(acme(), id))
  const aside = (reason: string) => ({ kind: 'events', reason, receivedAt: new Date(), sealed })
  await insertSetAside(db(), acme(), id, [aside('one'), aside('two'), aside('three'), aside('three')], new Date())
  expect((await mercat(['show', 'acme', 'Till']))[1]).toMatch(/\| events \| three \| 2 \|[\s\S]*mercat source replay acme Till;/)
  expect((await mercat(['replay', 'acme', 'Till', '--reason', 'one']))[1]).toBe(
    '1 item of Till sent in again; 0 left.\nLoaded within seconds; what still cannot be is set aside again.',
  )
  expect((await mercat(['replay', 'acme', 'Till', '--reason', 'one']))[1]).toBe('Nothing of Till is set aside for this reason.')
  expect((await mercat(['discard', 'acme', 'Till', '--reason', 'three']))[1]).toBe('Deleted 2 items that Till had set aside.')
})
