/** The keys of the installation: a ring that grows by rotation, the same in every process at every moment that counts. Shows no key to anyone. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { OperationalStore } from '../storage/operational/open.ts'
import type { Db } from '../storage/operational/schema.ts'
import { assertSecretOfOldStore, changeRing, countByKey, insertRing, readRing, type RingEntry, ringChannel } from './key-ring-repository.ts'
import { createSecrets, deriveKey, deriveSecrets, firstKeyId, type Key, type Secrets } from './secrets.ts'

/** A new key is read by every process before any of them writes with it. */
const activeAfterMs = 10_000
/** While notifications cannot be heard, or the ring could not be read, a process looks by itself, often enough to be in time. */
const lookAgainMs = 3_000
/** A key that works no longer still checks cookies and forms of browsers: none of them lives longer. */
const retiredMs = 24 * 3_600_000

export interface KeyRing {
  readonly secrets: Secrets
  readonly close: () => Promise<void>
}

/** Opens the ring, or makes it. Throws when the store was sealed under another secret. */
export async function openKeyRing(store: OperationalStore, secret: string, clock: Clock, log: Logger): Promise<KeyRing> {
  let keys = deriveKeys(await ringOf(store.db, secret, clock), secret)
  let reading = Promise.resolve()
  let again: NodeJS.Timeout | undefined
  let deaf = false
  // One after the other: an answer that is overtaken must not bring an older ring back.
  const reload = () => {
    clearTimeout(again)
    reading = reading.then(async () => {
      try {
        keys = deriveKeys(await ringOf(store.db, secret, clock), secret, keys)
        if (!deaf) return
      } catch (error) {
        log.error({ err: error }, 'The ring of keys could not be read; trying again')
      }
      again = setTimeout(reload, lookAgainMs).unref()
    })
  }
  const unlisten = await store.listen(ringChannel, reload, (state) => {
    deaf = state === 'lost'
    reload()
  })
  // What was announced between reading and listening.
  reload()
  await reading
  return {
    secrets: createSecrets(() => inUse(keys, clock())),
    close: async () => {
      await unlisten()
      await reading
      clearTimeout(again)
    },
  }
}

/** What opens and seals by the ring as it is now, for a command of a moment: keys made later are not heard of. Throws when the store was sealed under another secret. */
export async function openSeals(db: Db, secret: string, clock: Clock): Promise<Pick<Secrets, 'seal' | 'open' | 'sealBytes' | 'openBytes'>> {
  const keys = deriveKeys(await ringOf(db, secret, clock), secret)
  return createSecrets(() => inUse(keys, clock()))
}

type Dated = Key & Pick<RingEntry, 'activeFrom'>

/** The one to work with: the newest that is active. */
const currentOf = <Entry extends Pick<RingEntry, 'activeFrom'>>(newestFirst: readonly Entry[], now: Date) =>
  newestFirst.find(({ activeFrom }) => activeFrom <= now) ?? newestFirst.at(-1)

function inUse(keys: readonly Dated[], now: Date): [Key, ...Key[]] {
  const current = currentOf(keys, now)
  if (!current) throw new Error('The ring of keys is empty')
  return [current, ...keys.filter((key) => key !== current)]
}

function deriveKeys(entries: readonly RingEntry[], secret: string, known: readonly Dated[] = []): Dated[] {
  return entries.map(({ id, material, activeFrom }) => known.find((key) => key.id === id) ?? { ...deriveKey(id, material ?? secret), activeFrom })
}

/** The ring, made when there is none: its first key derives from the secret itself, so that what was named and sealed before there was a ring stays good. */
async function ringOf(db: Db, secret: string, clock: Clock): Promise<RingEntry[]> {
  const found = await readRing(db, secret)
  if (found) return found
  await assertSecretOfOldStore(db, deriveSecrets(secret).open)
  const now = clock()
  await insertRing(db, secret, [{ id: firstKeyId, material: null, createdAt: now, activeFrom: now }])
  return (await readRing(db, secret)) ?? []
}

/** Adds a key that every process works with a few seconds from now. Nothing that was issued before is lost. */
export async function rotateKeys(db: Db, secret: string, clock: Clock): Promise<RingEntry> {
  await ringOf(db, secret, clock)
  const now = clock()
  const [made] = await changeRing(db, secret, now, (entries) => [
    {
      id: String(Math.max(...entries.map(({ id }) => Number(id))) + 1),
      material: randomBytes(32).toString('base64url'),
      createdAt: now,
      activeFrom: new Date(now.getTime() + activeAfterMs),
    },
    ...entries,
  ])
  return made as RingEntry
}

export interface ListedKey {
  readonly id: string
  readonly createdAt: Date
  readonly activeFrom: Date
  readonly state: 'coming' | 'in use' | 'retired'
  /** Names and sealed texts in the store that it made. */
  readonly made: number
}

/** Newest first. */
export async function listKeys(db: Db, secret: string, clock: Clock): Promise<ListedKey[]> {
  const [entries, made, now] = [await ringOf(db, secret, clock), await countByKey(db), clock()]
  const current = currentOf(entries, now)
  return entries.map((entry) => ({
    id: entry.id,
    createdAt: entry.createdAt,
    activeFrom: entry.activeFrom,
    state: entry === current ? 'in use' : entry.activeFrom > now ? 'coming' : 'retired',
    made: made.get(entry.id) ?? 0,
  }))
}

/** Takes out of the ring what was retired long enough ago and made nothing that is still kept. @returns the ids */
export async function dropRetiredKeys(db: Db, secret: string, clock: Clock): Promise<string[]> {
  const keys = await listKeys(db, secret, clock)
  const now = clock()
  const since = now.getTime() - retiredMs
  // A key was retired when the next newer one became active.
  const gone = keys.filter(({ state, made }, n) => state === 'retired' && made === 0 && (keys[n - 1]?.activeFrom.getTime() ?? since) < since).map(({ id }) => id)
  if (gone.length > 0) await changeRing(db, secret, now, (entries) => entries.filter(({ id }) => !gone.includes(id)))
  return gone
}
