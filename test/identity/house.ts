/** Identity on a real listener with a real store, two accounts and people of every kind, for the tests of this folder. */
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Account } from '../../src/core/access.ts'
import { createLog } from '../../src/core/log.ts'
import { addMember, createAccount, createUser, setMcp, type User } from '../../src/domain/accounts/index.ts'
import { createIdentity, type Identity, type IdentityOptions } from '../../src/identity/index.ts'
import { createRecords } from '../../src/identity/oauth/records-repository.ts'
import { deriveSecrets } from '../../src/identity/secrets.ts'
import type { Db } from '../../src/storage/operational/schema.ts'
import { openOperational, type OperationalLocation, type OperationalStore } from '../../src/storage/operational/open.ts'
import { type App, type Person, refresh, type Tokens } from '../clients/oauth.ts'
import { copyEmptyOperational } from '../engines/template.ts'

export const secret = 'a secret of the test installation, long enough'
export const password = 'correct horse battery staple'

export interface House {
  readonly origin: string
  readonly store: OperationalStore
  readonly identity: Identity
  readonly acme: Account
  readonly other: Account
  readonly people: Record<'owner' | 'analyst' | 'support' | 'stranger' | 'both' | 'operator', User & Person>
  /** The clock of identity. */
  readonly clock: () => Date
  /** Moves the clock of identity (not of oidc-provider, which has its own). */
  readonly advance: (seconds: number) => void
  readonly resource: (account: Account) => string
  readonly close: () => Promise<void>
}

/** Consumes one new code several times at once. @returns who won, winners first */
export async function consumedAtOnce(db: Db, times: number): Promise<boolean[]> {
  const codes = createRecords(db, deriveSecrets(secret), () => new Date()).of('AuthorizationCode')
  const id = randomUUID()
  await codes.upsert(id, { grantId: randomUUID() }, 60)
  return (await Promise.all(Array.from({ length: times }, () => codes.consume(id)))).sort((a, b) => Number(b) - Number(a))
}

/** Another process on the house's store (PostgreSQL by its location; embedded, the open store itself), behind the same public origin, listening at an address of its own. */
export async function openSecond(
  house: House,
  at: OperationalLocation | OperationalStore,
  options: Partial<Pick<IdentityOptions, 'outgoing'>> = {},
): Promise<Pick<House, 'origin' | 'identity' | 'close'>> {
  const store = 'db' in at ? at : await openOperational(at)
  const { server, origin } = await listen()
  const identity = await createIdentity({
    stores: { operational: store },
    origin: house.origin,
    secret,
    config: { MERCAT_REDIRECT_URIS: ['https://app.example/callback'], MERCAT_TRUSTED_PROXIES: [] },
    log: createLog('silent', 'silent'),
    clock: house.clock,
    ...options,
  })
  server.on('request', identity.listener)
  return {
    origin,
    identity,
    close: async () => {
      await identity.close()
      await closeServer(server)
      if (store !== at) await store.close()
    },
  }
}

/** Refreshes one token eight times at once, as real clients do, and goes on with its successor. Throws unless all eight get one and the same pair. @returns the last pair */
export async function refreshInParallel(origins: readonly [string, ...string[]], app: App, tokens: Tokens, rounds: number): Promise<Tokens> {
  let current = tokens
  for (let round = 1; round <= rounds; round++) {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => refresh(origins[n % origins.length] ?? origins[0], app, current.refresh_token)))
    const pairs = new Set(answers.map(({ status, body }) => `${status} ${String(body.access_token)} ${String(body.refresh_token)}`))
    if (pairs.size !== 1 || answers[0]?.status !== 200) throw new Error(`Round ${round}: ${JSON.stringify(answers.map(({ status, body }) => [status, body.error_description]))}`)
    current = answers[0].body as unknown as Tokens
  }
  return current
}

/** Opens a listener on 127.0.0.1, so that the origin is known before identity is made. */
export async function listen(): Promise<{ server: Server; origin: string }> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()))
  server.closeAllConnections()
  await closed
}

export async function openHouse(options: { location?: OperationalLocation } & Partial<Pick<IdentityOptions, 'outgoing' | 'config' | 'log'>> = {}): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-identity-'))
  if (!options.location) await copyEmptyOperational(join(folder, 'operational'))
  const store = await openOperational(options.location ?? { engine: 'pglite', folder: join(folder, 'operational') })
  const { server, origin } = await listen()
  let offset = 0
  const clock = () => new Date(Date.now() + offset)
  const identity = await createIdentity({
    stores: { operational: store },
    origin,
    secret,
    config: { MERCAT_REDIRECT_URIS: ['https://app.example/callback'], MERCAT_TRUSTED_PROXIES: [] },
    log: createLog('silent', 'silent'),
    clock,
    ...options,
  })
  server.on('request', (req, res) => {
    if (identity.handles(new URL(req.url ?? '/', origin).pathname)) identity.listener(req, res)
    else res.writeHead(404).end()
  })
  const { db } = store
  const make = async (systemName: string, name: string) => {
    const account = await createAccount(db, { systemName, name, timeZone: 'Europe/Berlin', currency: 'EUR' })
    await setMcp(db, account.id, true)
    return { ...account, mcpEnabled: true }
  }
  const acme = await make('acme', 'Acme Stores')
  const other = await make('other', 'Other Ltd')
  const person = async (name: string, isSuperAdmin = false) => ({
    ...(await createUser(db, { email: `${name}@mercat.example`, name: `${name[0]?.toUpperCase()}${name.slice(1)} Person`, password, isSuperAdmin })),
    password,
  })
  const people = {
    owner: await person('owner'),
    analyst: await person('analyst'),
    support: await person('support'),
    stranger: await person('stranger'),
    both: await person('both'),
    operator: await person('operator', true),
  }
  await addMember(db, acme.id, people.owner.id, { role: 'owner' })
  await addMember(db, acme.id, people.analyst.id, { role: 'analyst' })
  await addMember(db, acme.id, people.support.id, { role: 'customer_support' })
  await addMember(db, other.id, people.stranger.id, { role: 'owner' })
  await addMember(db, acme.id, people.both.id, { role: 'analyst' })
  await addMember(db, other.id, people.both.id, { role: 'marketer' })
  return {
    origin,
    store,
    identity,
    acme,
    other,
    people,
    clock,
    advance: (seconds) => {
      offset += seconds * 1000
    },
    resource: (account) => identity.resourceUrl(account.systemName),
    close: async () => {
      await identity.close()
      await closeServer(server)
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
