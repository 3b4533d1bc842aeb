/** Canonical rows: which kind a file's columns are, the mapping that takes them as they are, and the door for rows in memory. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MercatError } from '../core/errors.ts'
import { nearest } from '../core/text.ts'
import type { Stores } from '../domain/index.ts'
import { batchSource, createCollector, writeBatch } from './batch.ts'
import { kindNames, kinds, type Kind, type StoredKind } from './kinds/index.ts'
import { openLoad, type Reject, type Tally } from './load.ts'
import { type CompiledRecord, compileRecord } from './mapping/compile.ts'
import type { RecordMapping } from './mapping/schema.ts'
import { cellOf } from './readers/ndjson.ts'

const fieldsOf = (kind: Kind): string[] => Object.keys(kinds[kind].fields)
const requiredOf = (kind: Kind): string[] => Object.entries(kinds[kind].fields).flatMap(([name, field]) => ('required' in field && field.required ? [name] : []))

/** The record that takes canonical columns as they are. */
export function canonicalRecord(kind: StoredKind, columns: readonly string[]): RecordMapping {
  return {
    kind,
    fields: Object.fromEntries(
      fieldsOf(kind)
        .filter((name) => columns.includes(name))
        .map((column) => [column, { column }]),
    ),
  }
}

/** What stores a batch of rows of a kind as they are: its columns, in the order of the cells, and the statement. */
interface CanonicalBatch {
  readonly columns: readonly string[]
  readonly record: CompiledRecord
}

const batches = new Map<StoredKind, CanonicalBatch>()

/** Made once a kind. */
export function canonicalBatch(kind: StoredKind): CanonicalBatch {
  const known = batches.get(kind)
  if (known) return known
  const columns = fieldsOf(kind)
  const made = { columns, record: compileRecord(canonicalRecord(kind, columns), batchSource(columns), '{file} AS p', undefined) }
  batches.set(kind, made)
  return made
}

/**
 * The canonical kind of a file with these columns. Throws `invalid_arguments` that says what to pass or rename.
 * @param given the kind the caller named @param sampled true: the columns are those of the first lines, and others may follow
 */
export function kindOfColumns(columns: readonly string[], given: Kind | undefined, file: string, sampled = false): Kind {
  const fits = (kind: Kind) => columns.every((name) => fieldsOf(kind).includes(name)) && requiredOf(kind).every((name) => columns.includes(name))
  if (given) {
    if (sampled || fits(given)) return given
    throw misfit(columns, given, file)
  }
  const candidates = kindNames.filter(fits)
  if (candidates.length === 1 && candidates[0]) return candidates[0]
  if (candidates.length)
    throw new MercatError('invalid_arguments', `${file} could hold ${candidates.join(' or ')}`, { argument: 'kind', allowed: candidates, hint: 'Pass --kind.' })
  // Enough fields in common to tell what was meant: then say what is wrong with it.
  const [likely] = kindNames.map((kind) => ({ kind, common: columns.filter((name) => fieldsOf(kind).includes(name)).length })).sort((a, b) => b.common - a.common)
  if (likely && likely.common >= 3) throw misfit(columns, likely.kind, file)
  throw new MercatError(
    'invalid_arguments',
    `${file} has no columns of a canonical kind: ${columns
      .slice(0, 20)
      .map((name) => JSON.stringify(name))
      .join(', ')}`,
    {
      argument: 'mapping',
      hint: `Pass --mapping with a file that says what the columns mean (docs/import.md; examples/ has some), or name the columns as one of the kinds ${kindNames.join(', ')} does.`,
    },
  )
}

function misfit(columns: readonly string[], kind: Kind, file: string): MercatError {
  const unknown = columns.filter((name) => !fieldsOf(kind).includes(name))
  const missing = requiredOf(kind).filter((name) => !columns.includes(name))
  const told = [
    ...(missing.length ? [`it lacks ${missing.join(', ')}`] : []),
    ...(unknown.length
      ? [
          `it has columns that are no fields of it: ${unknown
            .slice(0, 20)
            .map(
              (name) =>
                `${JSON.stringify(name)}${nearest(name, fieldsOf(kind), 1)
                  .map((like) => ` (${like}?)`)
                  .join('')}`,
            )
            .join(', ')}`,
        ]
      : []),
  ]
  return new MercatError('invalid_arguments', `${file} does not fit the kind ${kind}: ${told.join('; ')}`, {
    argument: 'kind',
    allowed: fieldsOf(kind),
    hint: 'Rename or remove columns, pass another --kind, or pass --mapping.',
  })
}

export interface CanonicalResult extends Tally {
  readonly newCampaigns: readonly string[]
  /** `line` is the row's number, from 1. */
  readonly rejects: readonly Reject[]
}

/**
 * The one door for canonical rows in memory (fields as in kinds/<kind>.ts; times may be Dates). Normalises, checks, hashes and stores them like the rows of a file.
 * Neither finishes the load nor refreshes facts: the caller does, by finishLoading and refreshFacts.
 * @param loadId from startLoad
 */
export async function insertCanonical(
  stores: Stores,
  account: { readonly id: string },
  kind: StoredKind,
  rows: AsyncIterable<object> | readonly object[],
  loadId: number,
): Promise<CanonicalResult> {
  const { columns, record } = canonicalBatch(kind)
  const load = await openLoad(stores, account.id, loadId)
  const folder = await mkdtemp(join(tmpdir(), `mercat-import-${process.pid}-`))
  const collector = createCollector()
  const rejects: Reject[] = []
  let row = 0
  let written = 0
  const flush = async () => {
    const batch = collector.take()
    const [first, last] = [batch.lines[0], batch.lines.at(-1)]
    if (first === undefined || last === undefined) return
    const file = await writeBatch(batch, columns.length, folder, written++)
    await load.store(file, [record])
    await rm(file.path)
    rejects.push(...(await load.rejects(first, last)))
  }
  try {
    for await (const given of rows) {
      const object = given as Record<string, unknown>
      const unknown = Object.keys(object).find((name) => !columns.includes(name))
      if (unknown !== undefined) throw new TypeError(`${unknown} is not a field of ${kind}`)
      row++
      collector.row(
        row,
        row,
        columns.map((name) => (object[name] instanceof Date ? object[name].toISOString() : cellOf(object[name]))),
      )
      if (collector.full()) await flush()
    }
    await flush()
    return { ...(await load.finish()), rejects }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
