/** A judged rate: its band as a word and a colour, and what it divides. */
import { Badge } from '@mantine/core'
import { figure } from '../../kit/index.ts'
import type { Cell } from './types.ts'

const colors: Readonly<Record<string, string>> = { excellent: 'teal', good: 'mercat', poor: 'red' }

export function Band({ band }: { band: string }) {
  return (
    <Badge size="sm" color={colors[band] ?? 'gray'} component="span" miw="max-content">
      {band.charAt(0).toUpperCase() + band.slice(1)}
    </Badge>
  )
}

export const ratioWords = (cell: Cell): string => {
  const [, numerator, denominator] = Array.isArray(cell) ? cell : []
  return typeof numerator === 'number' && typeof denominator === 'number' ? `${figure(numerator)} of ${figure(denominator)}` : 'Nothing to judge'
}
export const rateOf = (cell: Cell): number | null => (Array.isArray(cell) && typeof cell[0] === 'number' ? cell[0] : null)
