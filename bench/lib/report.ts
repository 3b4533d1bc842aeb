/** What a part of the benchmark found, as a table for people and JSON for machines. */

/** One finding. Ratios are what counts: both sides were measured in this run, on this machine. */
export interface Finding {
  readonly part: string
  readonly what: string
  readonly value: number
  readonly unit: string
  /** The aim, where there is one. */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number }
  readonly note?: string
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** How far a finding is from its aim: 'met', or by how much it is missed. */
export function verdict({ value, aim }: Finding): string {
  if (!aim) return ''
  const [met, wanted, sign] = 'atLeast' in aim ? [value >= aim.atLeast, aim.atLeast, '≥'] : [value <= aim.atMost, aim.atMost, '≤']
  return met ? `met (${sign} ${shown(wanted)})` : `MISSED ${sign} ${shown(wanted)} by ${Math.abs(((value - wanted) / wanted) * 100).toFixed(1)} %`
}

export function shown(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}

/** Findings as an aligned table. */
export function tableOf(findings: readonly Finding[]): string {
  const rows = [
    ['part', 'what', 'value', 'aim', 'note'],
    ...findings.map((finding) => [finding.part, finding.what, `${shown(finding.value)} ${finding.unit}`, verdict(finding), finding.note ?? '']),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
