/** Edits of a draft: checked against its type's published schema, shown as what changes, stored as its next version. It never touches what is no draft any more. */
import type { Principal } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { clip } from '../../core/text.ts'
import { channelNamed, channelNames } from '../channels.ts'
import { recordEvent } from '../audit/index.ts'
import { entityType, wordsOf } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { assertNameFree, fingerprintOf, lockAccount, lockDraft } from '../writes/index.ts'
import { assertMayEdit, draftOf } from './access.ts'
import { assertOpen } from './decide.ts'
import { type Change, diff } from './diff.ts'
import { addNote, type DraftRow, writeEdit } from './drafts-repository.ts'
import { named } from './steps.ts'

export interface DraftChange {
  readonly name?: string | undefined
  /** null: none. */
  readonly channel?: string | null | undefined
  /** ISO 8601 with a zone; null: open. */
  readonly startsAt?: string | null | undefined
  readonly endsAt?: string | null | undefined
  /** Fields of the definition to replace whole; null takes one away. Those that are not named stay. */
  readonly definition?: Readonly<Record<string, unknown>> | undefined
}

/** A draft as an edit would make it. */
export interface Proposed {
  readonly id: string
  readonly type: DraftRow['type']
  readonly key: string
  readonly name: string
  readonly channel: string | null
  readonly startsAt: Date | null
  readonly endsAt: Date | null
  readonly definition: Record<string, unknown>
  readonly changes: readonly Change[]
}

/** The draft with the change, checked and not stored. Throws `invalid_arguments` that names the field. */
export function proposed(row: DraftRow, change: DraftChange): Proposed {
  const wanted = Object.entries({ ...row.definition, ...change.definition }).filter(([, value]) => value !== null)
  const parsed = entityType(row.type).definition.safeParse(Object.fromEntries(wanted))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new MercatError('invalid_arguments', `${issue?.path.join('.') || 'definition'}: ${clip(wordsOf(parsed.error), 500)}`, {
      argument: ['definition', ...(issue?.path ?? [])].join('.'),
      hint: `The schema of a ${row.type} says what it may hold (get_schema).`,
    })
  }
  const startsAt = instantOf(change.startsAt, row.starts_at, 'startsAt')
  const endsAt = instantOf(change.endsAt, row.ends_at, 'endsAt')
  if (startsAt && endsAt && endsAt < startsAt) throw new MercatError('invalid_arguments', 'It would end before it starts', { argument: 'endsAt' })
  const next = { name: change.name ?? row.name, channel: channelOf(change.channel, row.channel), startsAt, endsAt, definition: parsed.data }
  return { id: row.id, type: row.type, key: row.key, ...next, changes: diff(versionOf(row), jsonOf(next)) }
}

export interface Version {
  readonly name: string
  readonly channel: string | null
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly definition: Record<string, unknown>
}

export const versionOf = ({ name, channel, starts_at: startsAt, ends_at: endsAt, definition }: DraftRow): Version => jsonOf({ name, channel, startsAt, endsAt, definition })

const jsonOf = ({
  startsAt,
  endsAt,
  ...rest
}: {
  name: string
  channel: string | null
  startsAt: Date | null
  endsAt: Date | null
  definition: Record<string, unknown>
}): Version => ({
  ...rest,
  startsAt: startsAt?.toISOString() ?? null,
  endsAt: endsAt?.toISOString() ?? null,
})

/** The years in which something can be planned: not every date of JavaScript is one of the store's. */
const [firstYear, lastYear] = [1970, 2200]

function instantOf(given: string | null | undefined, stored: Date | null, argument: string): Date | null {
  if (given === undefined || given === null) return given === undefined ? stored : null
  const at = new Date(given)
  if (at.getUTCFullYear() >= firstYear && at.getUTCFullYear() <= lastYear) return at
  throw new MercatError('invalid_arguments', `${argument} is not between ${firstYear} and ${lastYear}`, { argument, value: clip(given, 40) })
}

function channelOf(given: string | null | undefined, stored: string | null): string | null {
  if (given === undefined || given === null) return given === undefined ? stored : null
  const channel = channelNamed(given)
  if (channel) return channel
  throw new MercatError('unknown_value', `Unknown channel ${JSON.stringify(clip(given, 40))}`, { argument: 'channel', allowed: channelNames })
}

export interface EditInput extends DraftChange {
  readonly id: string
  readonly revision: number
}

/** Stores the change as the next version. Throws `missing_scopes`, `not_allowed` for an app, `not_found`, `invalid_arguments`, and `conflict` when it was edited or decided on meanwhile. */
export async function edit(
  { db, clock }: Pick<Stores, 'db' | 'clock'>,
  principal: Principal,
  input: EditInput,
): Promise<{ readonly revision: number; readonly changes: readonly Change[] }> {
  const { id, revision, ...change } = input
  const { account, userId, clientId } = principal
  assertMayEdit(principal, (await draftOf(db, principal, id)).type)
  return await db.transaction().execute(async (transaction) => {
    if (change.name !== undefined) await lockAccount(transaction, account.id)
    await lockDraft(transaction, account.id, id)
    const row = await draftOf(transaction, principal, id)
    assertOpen(row)
    if (row.revision !== revision)
      throw new MercatError('conflict', `${named(row)} was edited meanwhile: it is version ${row.revision} now`, { hint: 'Reload the page; what you wrote is not stored.' })
    const next = proposed(row, change)
    if (next.changes.length === 0) return { revision, changes: [] }
    if (next.name !== row.name) await assertNameFree(transaction, principal, row.type, next.name, id)
    const fingerprint = fingerprintOf({ ...next, channel: next.channel ?? undefined, startsAt: next.startsAt ?? undefined, endsAt: next.endsAt ?? undefined })
    if (!(await writeEdit(transaction, account.id, id, { ...next, fingerprint }, clock())))
      throw new MercatError('conflict', `${named(row)} is no draft any more`, { hint: 'Reload the page.' })
    await addNote(transaction, account.id, id, { kind: 'edit', userId, changes: next.changes }, clock())
    await recordEvent(transaction, clock, {
      accountId: account.id,
      event: 'draft.edited',
      userId,
      clientId,
      detail: { id, name: next.name, changes: next.changes.map(({ path }) => path) },
    })
    return { revision: revision + 1, changes: next.changes }
  })
}
