/** Imports files: plans all of them, loads one after the other, refreshes facts once. Running it again, or after a kill, changes nothing. */
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MercatError } from '../core/errors.ts'
import { type EntityRow, upsertEntities } from '../domain/entities/index.ts'
import { failLoad, finishLoading, refreshFacts, startLoad } from '../domain/facts/index.ts'
import type { Stores } from '../domain/index.ts'
import { cellsOf } from './batch.ts'
import { entityRow, mostEntities } from './entities.ts'
import { eachBatch, type Loaded, loadParquet, type LoadingContext, loadText, stopped } from './file.ts'
import type { Kind } from './kinds/index.ts'
import { readMapping } from './mapping/read.ts'
import type { Mapping } from './mapping/schema.ts'
import { type FilePlan, planFile } from './plan.ts'
import { cellOf } from './readers/ndjson.ts'
import { unpack } from './readers/detect.ts'
import { readParquetRows } from './readers/parquet.ts'
import { openRejectedFile, type RejectedRow } from './rejects.ts'

export interface ImportProgress {
  readonly step: 'rows' | 'facts'
  /** The file being read. */
  readonly file: string
  /** Rows stored so far, or campaigns counted. */
  readonly done: number
  /** Of how many, where it is known; an estimate for CSV and NDJSON. */
  readonly of: number | undefined
}

export interface ImportOptions {
  /** Path of a mapping file. */
  readonly mapping?: string | undefined
  readonly kind?: Kind | undefined
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
  /** Where `<file>.rejected.ndjson` is written. */
  readonly rejectsFolder: string
  readonly signal?: AbortSignal | undefined
}

export interface FileResult {
  readonly file: string
  readonly loadId: number
  /** Records in the file. */
  readonly read: number
  /** Rows stored, by kind; a record may become several, or none. */
  readonly accepted: Readonly<Partial<Record<Kind, number>>>
  /** Rows rejected, by reason. */
  readonly rejected: Readonly<Record<string, number>>
  readonly rejectedFile: string | undefined
  /** Campaigns that rows named and no entity had. */
  readonly newCampaigns: readonly string[]
  readonly seconds: number
}

export interface ImportResult {
  readonly files: readonly FileResult[]
  readonly rejected: number
  /** Campaigns whose facts were made anew. */
  readonly campaigns: number
  readonly seconds: number
}

/**
 * Imports files into an account and refreshes its facts. Each file is detected by its content: CSV, NDJSON or Parquet, packed by gzip or not.
 * Throws `invalid_arguments` before anything is stored where a file or the mapping cannot be right; single rows that are wrong are rejected, told and counted.
 */
export async function importFiles(stores: Stores, accountId: string, files: readonly string[], options: ImportOptions): Promise<ImportResult> {
  const started = performance.now()
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), `mercat-import-${process.pid}-`))
  try {
    const mapping = options.mapping === undefined ? undefined : await readMapping(options.mapping)
    if (mapping && options.kind) throw new MercatError('invalid_arguments', 'A mapping names its own kinds', { argument: 'kind', hint: 'Leave --kind out.' })
    const plans: FilePlan[] = []
    for (const [index, path] of files.entries()) plans.push(await planFile(path, { mapping, kind: options.kind }, (given, gzip) => parquetPath(given, gzip, folder, index)))
    if (mapping?.entities.length) await declareEntities(stores, accountId, mapping)
    const results: FileResult[] = []
    const names = new Set<string>()
    for (const plan of plans) {
      // Two files of one name in one command keep two files of rejected rows.
      const name = names.has(plan.name) ? `${plan.name}.${names.size + 1}` : plan.name
      names.add(name)
      results.push(await importFile(stores, accountId, plan, join(options.rejectsFolder, `${name}.rejected.ndjson`), folder, options))
    }
    const last = plans.at(-1)?.name ?? ''
    const facts = await refreshFacts(stores, accountId, {
      ...(options.signal ? { signal: options.signal } : {}),
      onProgress: (done, of) => options.onProgress?.({ step: 'facts', file: last, done, of }),
    })
    return { files: results, rejected: results.reduce((sum, result) => sum + total(result.rejected), 0), campaigns: facts.campaigns, seconds: (performance.now() - started) / 1000 }
  } catch (error) {
    throw options.signal?.aborted ? stopped() : error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A file's load: begun, filled, and finished or failed. */
async function importFile(stores: Stores, accountId: string, plan: FilePlan, rejectedPath: string, folder: string, { onProgress, signal }: ImportOptions): Promise<FileResult> {
  const started = performance.now()
  const { id: loadId } = await startLoad(stores.db, { accountId, source: 'import', label: plan.name })
  const rejected = await openRejectedFile(rejectedPath)
  const context: LoadingContext = {
    stores,
    accountId,
    loadId,
    folder,
    rejected,
    signal,
    onRows: (done, of) => onProgress?.({ step: 'rows', file: plan.name, done, of }),
  }
  try {
    const { records } = plan
    const loaded = records === 'entities' ? await loadEntities(plan, context) : await (plan.parquet ? loadParquet(plan, records, context) : loadText(plan, records, context))
    await finishLoading(stores.db, loadId, { accepted: total(loaded.accepted), rejected: total(loaded.rejected) })
    return {
      file: plan.name,
      loadId,
      read: loaded.read,
      accepted: loaded.accepted,
      rejected: loaded.rejected,
      newCampaigns: loaded.newCampaigns,
      rejectedFile: rejected.count() ? rejected.path : undefined,
      seconds: (performance.now() - started) / 1000,
    }
  } catch (error) {
    await failLoad(stores.db, loadId, signal?.aborted ? 'stopped' : error)
    throw error
  } finally {
    await rejected.close()
  }
}

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

async function loadEntities(plan: FilePlan, context: LoadingContext): Promise<Omit<Loaded, 'accepted'> & { accepted: { entities: number } }> {
  const rows: { line: number; cells: Record<string, string> }[] = []
  const faults: RejectedRow[] = []
  const add = (line: number, cells: Record<string, string>) => {
    if (rows.length >= mostEntities) throw new MercatError('too_large', `${plan.name} has more than ${mostEntities.toLocaleString('en')} entities`, { hint: 'Import it in parts.' })
    rows.push({ line, cells })
  }
  let read: number
  if (plan.parquet) {
    read = plan.parquet.rows
    for (const [index, row] of (await readParquetRows(plan.path)).entries()) add(index + 1, Object.fromEntries(plan.columns.map((name) => [name, cellOf(row[name])])))
  } else {
    read = await eachBatch(plan, context, async (batch) => {
      faults.push(...batch.faults)
      for (const [index, row] of batch.rows.entries()) {
        const cells = cellsOf(row)
        add(batch.lines[index] ?? 0, Object.fromEntries(plan.columns.map((name, at) => [name, cells[at] ?? ''])))
      }
    })
  }
  const result = await upsertEntities(
    context.stores.db,
    context.accountId,
    rows.map(({ cells }) => entityRow(cells)),
  )
  for (const { index, reason } of result.rejected) faults.push({ line: rows[index]?.line ?? 0, kind: 'entities', reason, row: rows[index]?.cells ?? {} })
  await context.rejected.write(faults.sort((a, b) => a.line - b.line))
  const rejected: Record<string, number> = {}
  for (const { reason } of faults) rejected[reason] = (rejected[reason] ?? 0) + 1
  return { read, accepted: { entities: rows.length - result.rejected.length }, rejected, newCampaigns: [] }
}

async function declareEntities(stores: Stores, accountId: string, mapping: Mapping): Promise<void> {
  const { rejected } = await upsertEntities(stores.db, accountId, mapping.entities as unknown as EntityRow[])
  if (!rejected.length) return
  throw new MercatError(
    'invalid_arguments',
    `The mapping declares entities that cannot be stored:\n${rejected.map(({ index, reason }) => `  - entities[${index}] ${reason}`).join('\n')}\n`,
    { argument: 'mapping' },
  )
}

/** The engine takes `*` and braces in a path for patterns: it gets a link with a plain name. What is packed is unpacked. */
async function parquetPath(path: string, gzip: boolean, folder: string, index: number): Promise<string> {
  const plain = join(folder, `file-${index}.parquet`)
  if (gzip) await unpack(path, plain)
  else await symlink(path, plain)
  return plain
}

/** Batches of an import that was killed hold raw rows: the next import removes them. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^mercat-import-(\d+)-\w+$/.exec(name)?.[1]
    if (pid !== undefined && !alive(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Someone else's process: it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
