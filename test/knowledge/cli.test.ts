/** `mercat docs` as people run it, in processes of their own: alone, inside the running server, after a restart, and beside other processes on one PostgreSQL. */
import { execFileSync } from 'node:child_process'
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { addDocuments } from '../../src/domain/knowledge/index.ts'
import { type OperationalStore, openOperational } from '../../src/storage/operational/open.ts'
import { callBody, password, postRpc, startApp } from '../app.ts'
import { answerOf } from '../call.ts'
import { connect } from '../clients/oauth.ts'
import { run, startedFolder, startServer, temporaryFolder } from '../cli/process.ts'
import { freePort } from '../engines/port.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { makeAccount } from '../stores.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => await postgres?.stop())

async function write(folder: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** Titles of the account's documents that search_docs finds. */
async function found(origin: string, token: string, query: string): Promise<string[]> {
  const answer = await answerOf(await postRpc(`${origin}/c/acme`, callBody('search_docs', { query, source: 'account' }), { authorization: `Bearer ${token}` }))
  return (answer.structuredContent as unknown as { passages: { title: string }[] }).passages.map(({ title }) => title)
}

test('a folder is added, brought up to date and removed, without a server and in it; a restart changes nothing', async () => {
  const base = await temporaryFolder()
  const [data, guide] = [await startedFolder(), join(base, 'guide')]
  const mercat = (args: string[], input = '') => run(args, { MERCAT_DATA_DIR: data }, { cwd: base, input })
  await write(base, { 'outside.md': '# Outside\n\nsecret pangolin\n' })
  await write(guide, {
    'tone.md': '# Tone\n\nWarm as a narwhal.\n',
    'deep/er/rules.html': '<title>Rules</title><h1>Consent</h1><p>Ask the pangolin first.</p><script>pangolin(1)</script>',
    'gone.md': '# Gone\n\nA dodo.\n',
    'notes.txt': 'no document',
    '.hidden.md': '# Hidden\n',
    'latin.md': Buffer.from([0x23, 0x20, 0xe9, 0x0a]),
    'large.md': '',
  })
  await truncate(join(guide, 'large.md'), 20_000_000)
  await symlink(resolve(base, 'outside.md'), join(guide, 'link.md'))
  await symlink(base, join(guide, 'up'))
  execFileSync('mkfifo', [join(guide, 'pipe.md')])

  expect(await mercat(['account', 'create', 'acme', '--name', 'Acme'])).toMatchObject({ code: 0 })
  const added = await mercat(['docs', 'add', 'guide', '--account', 'acme'])
  expect(added.out).toContain('guide: 3 documents added, 0 changed, 0 unchanged, 0 removed; 3 sections read.')
  expect(added.out).toContain('run the same command again')
  expect(added.err).toMatch(/Refused large\.md: is larger than 1 MB/)
  expect(added.err).toMatch(/Refused latin\.md: is not text in UTF-8/)
  expect(added.err).toMatch(/Refused link\.md: is a link/)
  expect(added.err).toMatch(/Refused pipe\.md: is not a file/)
  expect(added.err).not.toMatch(/outside|hidden|notes/)
  expect(added.code).toBe(3)

  const server = await startServer(data)
  await mercat(['user', 'create', 'ann@example.com', '--name', 'Ann'], `${password}\n${password}\n`)
  await mercat(['member', 'add', 'acme', 'ann@example.com', '--role', 'analyst'])
  await mercat(['account', 'mcp', 'acme', 'on'])
  const { tokens } = await connect({ origin: server.origin, resource: `${server.origin}/c/acme`, person: { email: 'ann@example.com', password } })
  expect(await found(server.origin, tokens.access_token, 'pangolin narwhal dodo')).toEqual(expect.arrayContaining(['Consent', 'Tone', 'Gone']))

  // Refused this time: what was read before stays.
  await write(guide, { 'tone.md': Buffer.from([0x23, 0x20, 0xe9, 0x0a]), 'deep/er/rules.html': '<div>'.repeat(600) })
  expect(await mercat(['docs', 'add', guide, '--account', 'acme'])).toMatchObject({ code: 3, out: expect.stringContaining('0 changed, 1 unchanged, 0 removed') })
  expect(await found(server.origin, tokens.access_token, 'pangolin narwhal')).toEqual(expect.arrayContaining(['Consent', 'Tone']))
  await write(guide, { 'deep/er/rules.html': '<title>Rules</title><h1>Consent</h1><p>Ask the pangolin first.</p><script>pangolin(1)</script>' })

  for (const path of ['gone.md', 'latin.md', 'large.md', 'link.md', 'pipe.md']) await rm(join(guide, path))
  await write(guide, { 'tone.md': '# Tone\n\nCool as a walrus.\n' })
  expect(await mercat(['docs', 'add', guide, '--account', 'acme'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/guide: 0 documents added, 1 changed, 1 unchanged, 1 removed; 1 section read\.\n {2}removed gone\.md\n/),
  })
  expect(await found(server.origin, tokens.access_token, 'narwhal dodo')).toEqual([])
  expect(await found(server.origin, tokens.access_token, 'walrus')).toEqual(['Tone'])
  expect((await mercat(['docs', 'list', '--account', 'acme'])).out).toMatch(/\| guide \| 2 \| 1 \| \d{4}-/)

  expect(await mercat(['docs', 'add', guide, '--account', 'acmee'])).toMatchObject({ code: 1, err: expect.stringContaining('acme') })
  expect(await mercat(['docs', 'add', 'none', '--account', 'acme'])).toMatchObject({ code: 1, err: expect.stringContaining('is not a folder') })
  expect(await mercat(['docs', 'remove', 'guid', '--account', 'acme'])).toMatchObject({ code: 1, err: expect.stringContaining('guide') })
  await mkdir(join(base, 'empty'))
  expect(await mercat(['docs', 'add', 'empty', '--account', 'acme'])).toMatchObject({ code: 1, err: expect.stringContaining('nothing was changed') })

  server.process.kill('SIGTERM')
  await server.finished
  const again = await startServer(data, { MERCAT_PORT: new URL(server.origin).port })
  expect(await found(again.origin, tokens.access_token, 'walrus pangolin')).toEqual(expect.arrayContaining(['Tone', 'Consent']))
  expect(await mercat(['docs', 'remove', 'guide', '--account', 'acme'])).toMatchObject({ code: 0, out: 'Removed 2 documents of guide from acme.\n' })
  expect(await found(again.origin, tokens.access_token, 'walrus pangolin')).toEqual([])
})

test('processes on one PostgreSQL see what another has added or removed with their next question', async () => {
  const env = { MERCAT_DATABASE_URL: await postgres.database(), MERCAT_SECRET: 'one secret for all processes, long enough' }
  const first = await startApp({ env })
  onTestFinished(first.close)
  const base = await temporaryFolder()
  const port = String(await freePort())
  await startServer(join(base, 'second'), { ...env, MERCAT_PUBLIC_URL: first.origin, MERCAT_PORT: port })
  const second = `http://127.0.0.1:${port}`
  const token = await first.token('analyst', 'c/acme')
  const both = async (query: string) => [await found(first.origin, token, query), await found(second, token, query)]
  expect(await both('narwhal')).toEqual([[], []])

  // Added by a third process, with a data folder of its own.
  await write(join(base, 'guide'), { 'tone.md': '# Tone\n\nWarm as a narwhal.\n' })
  const third = (...args: string[]) => run(args, { ...env, MERCAT_DATA_DIR: join(base, 'third') }, { cwd: base })
  expect(await third('docs', 'add', 'guide', '--account', 'acme')).toMatchObject({ code: 0 })
  expect(await both('narwhal')).toEqual([['Tone'], ['Tone']])

  await addDocuments(first.stores, first.accounts.acme.id, 'guide', [{ path: 'tone.md', text: '# Voice\n\nCool as a walrus.\n' }])
  expect(await both('narwhal')).toEqual([[], []])
  expect(await both('walrus')).toEqual([['Voice'], ['Voice']])
  expect(await third('docs', 'remove', 'guide', '--account', 'acme')).toMatchObject({ code: 0 })
  expect(await both('walrus')).toEqual([[], []])
})

test('commands that add one folder at the same time leave it whole', async () => {
  const url = await postgres.database()
  const commands = await Promise.all([1, 2, 3].map(() => openOperational({ engine: 'postgres', url })))
  onTestFinished(async () => void (await Promise.all(commands.map((store) => store.close()))))
  const [{ db }] = commands as [OperationalStore]
  const { id } = await makeAccount(db)
  const files = Array.from({ length: 120 }, (_, at) => ({ path: `${at}.md`, text: `# Note ${at}\n\nwords\n\n## More\n\nwords\n` }))
  await Promise.all(commands.map((store) => addDocuments({ db: store.db, clock: () => new Date() }, id, 'notes', files)))
  expect(await db.selectFrom('document_sections').select('document_id').where('account_id', '=', id).execute()).toHaveLength(240)
})
