/** An account's sources as people manage them, bound to who asks. Seeing needs read:health, changing manage:account; changes are audited; a key is shown once and never again. */
import { randomBytes } from 'node:crypto'
import { type Actor, requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { newId } from '../../core/ids.ts'
import type { OperationalTransaction } from '../../storage/operational/schema.ts'
import { type AuditEvent, recordEvent } from '../audit/index.ts'
import type { Stores } from '../stores.ts'
import { missingSettings, openSettings, packFrame, placeOf, sealSettings, type Seals } from './frame.ts'
import { formerAfter } from './former.ts'
import { gatherSources } from './gather.ts'
import { insertDelivered } from './inbox-repository.ts'
import { type SourceListed, typeListed } from './listed.ts'
import { assertFreeName, parseRules, parseSettings } from './settings.ts'
import { asideReasons, countAside, deleteAside, takeAside, wholeRequest } from './set-aside-repository.ts'
import { findSource, insertSource, listSources, lockSources, rulesOf, type SourceRow, updateSource } from './sources-repository.ts'
import type { SourceAdded, SourceChanges, SourcesService } from './contract.ts'
import type { SourceType } from './type.ts'

const mostSources = 50
/** The key from before is good too for this long: the platform changes over in its own time. */
const overlapMs = 24 * 3_600_000
const mostReasons = 100
/** Items sent in again by one call; a person presses again for more. */
const mostReplayed = 1000

/** What sources need of the house around them. */
export interface SourceHouse {
  readonly seals: Seals
  readonly types: readonly SourceType[]
  /** What platforms call, without a trailing slash. */
  readonly origin: string
  /** Tells that something waits in the inbox of the account. */
  readonly wake: (accountId: string) => void
  /** Asks for a pull of the source. */
  readonly pull: (accountId: string, sourceId: string) => Promise<void>
}

/** @param house undefined: there is no server around it that could take anything */
export function createSources({ db, clock }: Pick<Stores, 'db' | 'clock'>, house: SourceHouse | undefined): (actor: Actor) => SourcesService {
  const served = () => {
    if (!house) throw new MercatError('unavailable', 'Sources belong to a running Mercat', { hint: 'Use its dashboard.' })
    return house
  }
  return (actor) => {
    const { account } = actor
    const accountId = account.id
    const see = () => requireScopes(actor, 'read:health')
    const manage = () => requireScopes(actor, 'manage:account')
    const typeOf = ({ type }: Pick<SourceRow, 'type'>) => served().types.find((one) => one.type === type) ?? missing('This kind of source is not part of this Mercat')
    const note = async (transaction: OperationalTransaction, event: AuditEvent, source: Pick<SourceRow, 'id' | 'name' | 'type'>, more: object = {}) =>
      await recordEvent(transaction, clock, {
        accountId,
        userId: actor.userId,
        clientId: actor.clientId,
        event,
        detail: { source: source.id, name: source.name, type: source.type, ...more },
      })
    const found = async (id: string) => (await findSource(db, accountId, id)) ?? missing('There is no such source')
    /** The same, held until the transaction ends. */
    const held = async (transaction: OperationalTransaction, id: string) =>
      (await lockSources(transaction, accountId)).find((one) => one.id === id) ?? missing('There is no such source')
    /** Under the lock of the account's sources. Loads carry the source's id: what was loaded so far goes by the new name at once, and it is one pipeline before and after. */
    const rename = async (transaction: OperationalTransaction, row: SourceRow, name: string) => {
      const all = await listSources(transaction, accountId)
      assertFreeName(
        name,
        all.filter(({ id }) => id !== row.id),
      )
      await updateSource(transaction, accountId, row.id, { name })
      await note(transaction, 'source.renamed', { ...row, name }, { from: row.name, to: name })
    }
    const settingsOf = (row: SourceRow) => openSettings(served().seals, placeOf(accountId, row.id), row.settings)
    /** Under the same lock. */
    const configure = async (transaction: OperationalTransaction, row: SourceRow, { settings: given, campaignRules }: Pick<SourceChanges, 'settings' | 'campaignRules'>) => {
      const type = typeOf(row)
      const settings = given && changedSettings(served().seals, row, type, given)
      const rules = campaignRules === undefined ? undefined : changedRules(row, type, campaignRules, clock())
      if (settings === undefined && rules === undefined) return
      await updateSource(transaction, accountId, row.id, { ...settings, ...rules })
      await note(transaction, 'source.changed', row, { settings: Object.keys(given ?? {}), campaignRules: campaignRules !== undefined })
    }

    const listed = async (rows: readonly SourceRow[]): Promise<SourceListed[]> => {
      const gathered = await gatherSources({ db, clock }, account, rows, (row) => ({ type: typeOf(row), missing: missingSettings(typeOf(row).settings, settingsOf(row)) }))
      return gathered.map(({ reasons: _, ...source }) => source)
    }

    const placed = (type: SourceType, key: string, settings: Readonly<Record<string, string>>): Pick<SourceAdded, 'url' | 'steps' | 'key'> => {
      const { origin } = served()
      const url = type.connection === 'pull' ? '' : type.connection === 'api' ? `${origin}/ingest/events` : `${origin}/ingest/${type.type}/${key}`
      return { key: type.connection === 'pull' ? '' : key, url, steps: type.steps({ url, key, settings }) }
    }

    return {
      types: () => {
        see()
        return served().types.map(typeListed)
      },

      list: async () => {
        see()
        return await listed(await listSources(db, accountId))
      },

      get: async (id) => {
        see()
        const row = await found(id)
        const type = typeOf(row)
        const settings = settingsOf(row)
        const secret = (name: string) => type.settings.shape[name]?.meta()?.secret === true
        const [one] = await listed([row])
        if (!one) return missing('There is no such source')
        const may = actor.scopes.has('manage:account')
        return {
          ...one,
          steps: may
            ? type.steps({
                url: placed(type, '•••', settings).url,
                key: '•••',
                settings: Object.fromEntries(Object.keys(settings).map((name) => [name, secret(name) ? '•••' : (settings[name] ?? '')])),
              })
            : undefined,
          settings: may ? Object.fromEntries(Object.entries(settings).filter(([name]) => !secret(name))) : {},
          secretsSet: Object.keys(settings).filter(secret),
          campaignRules: type.campaigns ? (rulesOf(row) ?? type.campaigns) : null,
          reasons: (await asideReasons(db, accountId, id, mostReasons)).map(({ kind, reason, items, first, last }) => ({
            kind,
            reason,
            items,
            first: first.toISOString(),
            last: last.toISOString(),
          })),
        }
      },

      add: async ({ type: typeName, name, settings: given = {} }) => {
        manage()
        const { seals, types } = served()
        const type = types.find((one) => one.type === typeName)
        if (!type) throw new MercatError('unknown_value', 'There is no such kind of source', { argument: 'type', allowed: types.map((one) => one.type) })
        const settings = parseSettings(type, {}, given)
        const [id, key] = [newId('source'), newKey()]
        await db.transaction().execute(async (transaction) => {
          const there = await lockSources(transaction, accountId)
          assertFreeName(name, there)
          if (there.length >= mostSources) throw new MercatError('conflict', `An account has at most ${mostSources} sources`, { hint: 'Remove one first.' })
          await insertSource(transaction, {
            accountId,
            id,
            type: type.type,
            name,
            keyHash: sha256(key),
            settings: sealSettings(seals, placeOf(accountId, id), settings),
            createdBy: actor.userId,
            now: clock(),
          })
          await note(transaction, 'source.added', { id, name, type: type.type })
        })
        return { id, ...placed(type, key, settings) }
      },

      change: async (id, { name, settings, campaignRules }) => {
        manage()
        await db.transaction().execute(async (transaction) => {
          const row = await held(transaction, id)
          if (name !== undefined && name !== row.name) await rename(transaction, row, name)
          await configure(transaction, { ...row, name: name ?? row.name }, { settings, campaignRules })
        })
      },

      rotate: async (id) => {
        manage()
        const [key, until] = [newKey(), new Date(clock().getTime() + overlapMs)]
        const row = await db.transaction().execute(async (transaction) => {
          const before = await held(transaction, id)
          if (typeOf(before).connection === 'pull') throw new MercatError('conflict', 'A platform that is asked has no key', { hint: 'Change its settings instead.' })
          await updateSource(transaction, accountId, id, { key_hash: sha256(key), previous_key_hash: before.key_hash, previous_until: until })
          await note(transaction, 'source.rotated', before)
          return before
        })
        return { id, ...placed(typeOf(row), key, settingsOf(row)), previousUntil: until.toISOString() }
      },

      setEnabled: async (id, enabled) => {
        manage()
        await db.transaction().execute(async (transaction) => {
          const row = await held(transaction, id)
          if (row.enabled === enabled) return
          await updateSource(transaction, accountId, id, { enabled })
          await note(transaction, enabled ? 'source.turned_on' : 'source.turned_off', row)
        })
      },

      remove: async (id) => {
        manage()
        const { seals } = served()
        await db.transaction().execute(async (transaction) => {
          const row = await held(transaction, id)
          // What it was asked or believed by is of no use any more: credentials of a platform stay nowhere.
          await updateSource(transaction, accountId, id, { removed_at: clock(), enabled: false, settings: sealSettings(seals, placeOf(accountId, id), {}) })
          await deleteAside(transaction, { accountId, sourceId: id })
          await note(transaction, 'source.removed', row)
        })
      },

      replay: async (id, reason) => {
        manage()
        const { seals, wake } = served()
        const which = { accountId, sourceId: id, reason }
        const done = await db.transaction().execute(async (transaction) => {
          const row = await held(transaction, id)
          const items = await takeAside(transaction, which, mostReplayed)
          const place = placeOf(accountId, id)
          // Each with the time it was received, which some sources read as the time of the event.
          await insertDelivered(
            transaction,
            items.map(({ kind, received_at, sealed }) => {
              if (kind === wholeRequest) return { accountId, sourceId: id, receivedAt: received_at, items: 1, bytes: sealed.length, sealed }
              const body = seals.openBytes(sealed, place)
              return { accountId, sourceId: id, receivedAt: received_at, items: 1, bytes: body.length, sealed: packFrame(seals, place, { form: 'items', kind, body }) }
            }),
          )
          await deleteAside(
            transaction,
            which,
            items.map((item) => item.id),
          )
          if (items.length > 0) await note(transaction, 'source.replayed', row, { items: items.length })
          return items.length
        })
        wake(accountId)
        return { replayed: done, left: await countAside(db, which) }
      },

      discard: async (id, reason) => {
        manage()
        const discarded = await db.transaction().execute(async (transaction) => {
          // What is being sent in again is not discarded too.
          const row = await held(transaction, id)
          const gone = await deleteAside(transaction, { accountId, sourceId: id, reason })
          if (gone > 0) await note(transaction, 'source.discarded', row, { items: gone })
          return gone
        })
        return { discarded }
      },

      pull: async (id) => {
        manage()
        const row = await found(id)
        if (typeOf(row).connection !== 'pull') throw new MercatError('conflict', 'This source is not asked: its platform delivers by itself')
        if (!row.enabled) throw new MercatError('conflict', 'The source is off', { hint: 'Turn it on first.' })
        const needed = missingSettings(typeOf(row).settings, settingsOf(row))
        if (needed.length > 0) throw new MercatError('conflict', `The source is not set up yet: it needs ${needed.join(', ')}`)
        await served().pull(accountId, id)
      },
    }
  }
}

/** @param given null: as the type does by default */
function changedRules(row: SourceRow, type: SourceType, given: unknown, now: Date): { campaign_rules: string | null; former_rules: string } {
  const rules = given === null ? null : parseRules(type, given)
  const usual = type.campaigns ?? []
  return {
    campaign_rules: rules && JSON.stringify(rules),
    former_rules: JSON.stringify(formerAfter(row, rulesOf(row) ?? usual, rules ?? usual, now)),
  }
}

/** What of the row those settings change. Another platform that is asked, or another view of it, is read from its beginning. */
function changedSettings(seals: Seals, row: SourceRow, type: SourceType, given: Readonly<Record<string, string>>): { settings: string; cursor?: string } {
  const place = placeOf(row.account_id, row.id)
  const before = openSettings(seals, place, row.settings)
  const after = parseSettings(type, before, given)
  // Whatever is no secret says which platform it is, and as whom it is asked.
  const elsewhere = Object.entries(type.settings.shape).some(([name, member]) => member.meta()?.secret !== true && after[name] !== before[name])
  return { settings: sealSettings(seals, place, after), ...(type.connection === 'pull' && elsewhere ? { cursor: '{}' } : {}) }
}

/** 192 random bits, in characters that need no escaping in an address. */
const newKey = (): string => randomBytes(24).toString('base64url')

function missing(message: string): never {
  throw new MercatError('not_found', message)
}
