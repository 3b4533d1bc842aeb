/** Loads one planned file: text by batches that are parsed while the engine stores the one before, Parquet by the engine in one statement. */
import { rm } from 'node:fs/promises'
import { MercatError } from '../core/errors.ts'
import type { Stores } from '../domain/index.ts'
import { type Batch, batchSource, cellsOf, createCollector, writeBatch } from './batch.ts'
import { openLoad, type Tally } from './load.ts'
import { compileRecord } from './mapping/compile.ts'
import type { RecordMapping } from './mapping/schema.ts'
import type { FilePlan } from './plan.ts'
import { textOf } from './readers/detect.ts'
import { parquetSource } from './readers/parquet.ts'
import type { RejectedFile, RejectedRow } from './rejects.ts'

export interface LoadingContext {
  readonly stores: Stores
  readonly accountId: string
  readonly loadId: number
  /** A folder for batches that only this process can read. */
  readonly folder: string
  readonly rejected: RejectedFile
  readonly signal: AbortSignal | undefined
  /** Rows read so far and, where known, of how many (an estimate for text). */
  readonly onRows: (rows: number, of: number | undefined) => void
}

export interface Loaded extends Tally {
  /** Records of the file. */
  readonly read: number
  readonly newCampaigns: readonly string[]
}

/** The rows of a text file, batch by batch; `store` works on one while the next is read. @returns how many records the file has */
export async function eachBatch(plan: FilePlan, context: Pick<LoadingContext, 'signal' | 'onRows'>, store: (batch: Batch) => Promise<void>): Promise<number> {
  const collector = createCollector()
  const parser = plan.parser?.(collector)
  if (!parser) throw new Error('Not a text file')
  let read = 0
  let bytes = 0
  let pending: Promise<void> = Promise.resolve()
  const flush = async () => {
    const batch = collector.take()
    const rows = batch.rows.length + batch.faults.length
    if (!rows) return
    await pending
    context.signal?.throwIfAborted()
    const before = read
    read += rows
    // Said when the rows are in: whoever kills the import on this word kills it with them stored.
    pending = store(batch).then(() => context.onRows(before + rows, bytes ? Math.round((plan.form.size / bytes) * (before + rows)) : undefined))
    // Its failure is heard at the next await; until then it is not unhandled.
    pending.catch(() => {})
  }
  for await (const text of textOf(plan.path, plan.form.gzip, (read) => {
    bytes = read
  })) {
    context.signal?.throwIfAborted()
    parser.push(text)
    if (collector.full()) await flush()
  }
  parser.end()
  await flush()
  await pending
  return read
}

/** Loads a CSV or NDJSON file. */
export async function loadText(plan: FilePlan, mapped: readonly RecordMapping[], context: LoadingContext): Promise<Loaded> {
  const load = await openLoad(context.stores, context.accountId, context.loadId, context.signal)
  const source = batchSource(plan.columns)
  const records = mapped.map((record) => compileRecord(record, source, '{file} AS p', plan.timeZone))
  const faults: Record<string, number> = {}
  let batches = 0
  const read = await eachBatch(plan, context, async (batch) => {
    for (const { reason } of batch.faults) faults[reason] = (faults[reason] ?? 0) + 1
    const [first, last] = [batch.lines[0], batch.lines.at(-1)]
    const found: RejectedRow[] = batch.faults.map(({ line, reason, raw }) => ({ line, reason, raw }))
    if (first !== undefined && last !== undefined) {
      const file = await writeBatch(batch, plan.columns.length, context.folder, batches++)
      await load.store(file, records)
      await rm(file.path)
      const index = new Map<number, number>()
      const rejects = await load.rejects(first, last)
      if (rejects.length) for (const [at, line] of batch.lines.entries()) index.set(line, at)
      for (const reject of rejects) found.push({ ...reject, row: named(plan.columns, cellsOf(batch.rows[index.get(reject.line) ?? -1] ?? '')) })
    }
    await context.rejected.write(found.sort((a, b) => a.line - b.line))
  })
  const tally = await finish(load, context)
  return { ...tally, read, rejected: merge(tally.rejected, faults) }
}

/** Loads a Parquet file: the engine reads it. */
export async function loadParquet(plan: FilePlan, mapped: readonly RecordMapping[], context: LoadingContext): Promise<Loaded> {
  const { analytics } = context.stores
  const load = await openLoad(context.stores, context.accountId, context.loadId, context.signal)
  const columns = plan.parquet?.columns.filter(({ name }) => plan.columns.includes(name)) ?? []
  const embedded = analytics.engine === 'chdb'
  const { source, declaration } = parquetSource(columns, embedded ? 'p._row_number + 1' : 'rowNumberInAllBlocks() + 1')
  const file = { path: plan.path, format: 'Parquet' as const, columns: declaration }
  const rows = plan.parquet?.rows ?? 0
  context.onRows(0, rows)
  // A server numbers rows as they come through: in one thread, in the order of the file.
  await load.store(
    file,
    mapped.map((record) => compileRecord(record, source, '{file} AS p', plan.timeZone)),
    embedded ? {} : { max_threads: 1, input_format_parquet_preserve_order: 1 },
  )
  context.onRows(rows, rows)
  const page = 10_000
  for (let from = 0; ; ) {
    const found = await load.rejects(from, Number.MAX_SAFE_INTEGER, page)
    // A full page may cut a line that was rejected for several records: it comes whole with the next.
    const cut = found.length < page ? undefined : found.at(-1)?.line
    const rejects = found.filter(({ line }) => line !== cut)
    if (!rejects.length) break
    const lines = [...new Set(rejects.map(({ line }) => line))]
    // A server no longer has the file: its rejected rows are told by number.
    const cells = new Map<number, Record<string, string>>()
    if (embedded) {
      const texts = [...source.columns.values()].map(({ text }) => text)
      const raw = await analytics.query<{ line: number; cells: string[] }>(
        `SELECT ${source.line} AS line, [${texts.join(', ')}] AS cells FROM file({path:String}, 'Parquet', {columns:String}) AS p WHERE line IN ({lines:Array(UInt64)})`,
        { path: file.path, columns: declaration, lines },
        { signal: context.signal, seconds: 600 },
      )
      for (const { line, cells: values } of raw) cells.set(line, named([...source.columns.keys()], values))
    }
    await context.rejected.write(
      rejects.map((reject) => {
        const row = cells.get(reject.line)
        return row ? { ...reject, row } : reject
      }),
    )
    if (cut === undefined) break
    from = cut
  }
  return { ...(await finish(load, context)), read: rows }
}

/** Orders that were added up may be rejected as a whole: their lines are long gone, so only where and why is told. */
async function finish(load: Awaited<ReturnType<typeof openLoad>>, context: LoadingContext) {
  const tally = await load.finish()
  if (Object.keys(tally.rejected).some((reason) => wholeOrder.test(reason)))
    await context.rejected.write((await load.rejects(0, Number.MAX_SAFE_INTEGER)).filter(({ reason }) => wholeOrder.test(reason)))
  return tally
}

const wholeOrder = /^(another line of the order|lines of the order)/

function merge(left: Readonly<Record<string, number>>, right: Readonly<Record<string, number>>): Record<string, number> {
  const merged = { ...left }
  for (const [reason, count] of Object.entries(right)) merged[reason] = (merged[reason] ?? 0) + count
  return merged
}

function named(columns: readonly string[], cells: readonly string[]): Record<string, string> {
  return Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? '']))
}

/** What an aborted import throws. */
export function stopped(): MercatError {
  return new MercatError('cancelled', 'The import was stopped', {
    hint: 'What was read so far is stored. Give the same command again to finish: rows that are there already change nothing.',
  })
}
