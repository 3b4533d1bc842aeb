/** Import speed: Parquet against the engine's own INSERT … SELECT of the same file, and CSV on its own. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { awaitLine, launch, root } from './lib/process.ts'
import type { Finding } from './lib/report.ts'

export interface ImportBenchOptions {
  readonly events: number
  readonly rounds: number
  readonly profile?: string | undefined
}

export async function benchImport({ events, rounds, profile }: ImportBenchOptions): Promise<Finding[]> {
  const folder = join(root, 'bench/data/import')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, '--cpu-prof-name=import.cpuprofile'] : []
  try {
    const found = JSON.parse(await awaitLine(launch('import-child.ts', { args: [folder, String(events), String(rounds)], flags }), 'result', 1800)) as Record<
      'engine' | 'parquet' | 'csv' | 'rowsShare',
      number
    >
    const note = `${events.toLocaleString('en')} events, medians of ${rounds}`
    return [
      { part: 'import', what: 'engine INSERT … SELECT of the Parquet file', value: found.engine, unit: 'events/s', note },
      {
        part: 'import',
        what: 'Parquet import',
        value: found.parquet,
        unit: 'events/s',
        note: `checked, hashed, de-duplicated; ${Math.round((1 - found.rowsShare) * 100)} % of the time refreshed the facts`,
      },
      { part: 'import', what: 'Parquet import : engine', value: found.parquet / found.engine, unit: '×', aim: { atLeast: 0.5 } },
      { part: 'import', what: 'CSV import', value: found.csv, unit: 'events/s', aim: { atLeast: 100_000 } },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
