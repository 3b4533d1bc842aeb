/** Where e-mail is well or badly received: by inbox provider, and the campaigns that do worst. */
import { Text } from '@mantine/core'
import { figure, None, Records, Section } from '../../kit/index.ts'
import { Band, ratioWords, rateOf } from './band.tsx'
import classes from './health.module.css'
import type { Cell, Frame, Health } from './types.ts'
import { rate } from './words.ts'

interface TablesProps extends Pick<Frame, 'metrics'> {
  readonly answer: Health
}

/** A rate with its band: [value, numerator, denominator, band]. */
function Banded({ cell }: { cell: Cell }) {
  const band = Array.isArray(cell) ? cell[3] : null
  if (rateOf(cell) === null) return <None />
  return (
    <span className={classes.banded} title={ratioWords(cell)}>
      {rate(rateOf(cell))}
      {typeof band === 'string' ? <Band band={band} /> : null}
    </span>
  )
}

export function Inboxes({ answer: { inboxes }, metrics }: TablesProps) {
  if (inboxes.rows.length === 0) return null
  const unknown = Array.isArray(inboxes.unknown) ? inboxes.unknown : []
  return (
    <Section title="Inbox providers" description={typeof unknown[1] === 'number' && unknown[1] > 0 ? `Of ${figure(unknown[1])} deliveries the provider is not known.` : undefined}>
      <Records
        label="Inbox providers"
        rows={inboxes.rows}
        keyOf={(row) => String(row[0])}
        columns={inboxes.columns.map((column, index) => ({
          title: index === 0 ? 'Provider' : column === 'share' ? 'Share' : (metrics.get(column)?.title ?? column),
          quiet: index === 0,
          end: index > 0,
          cell: (row: readonly Cell[]) => {
            const cell = row[index] ?? null
            if (index === 0) return <bdi>{String(cell)}</bdi>
            return column === 'share' ? rate(cell === null ? null : Number(cell)) : <Banded cell={cell} />
          },
        }))}
      />
    </Section>
  )
}

export function Worst({ answer: { worst }, metrics }: TablesProps) {
  if (worst.rows.length === 0) return null
  return (
    <Section title="Campaigns to look at" description="Of each rate, those that do worst among the ones with enough volume.">
      <Records
        label="Campaigns to look at"
        rows={worst.rows}
        keyOf={(row) => `${String(row[0])} ${String(row[1])}`}
        columns={[
          { title: 'Campaign', quiet: true, cell: (row) => <bdi className={classes.name}>{String(row[2])}</bdi> },
          { title: 'Rate', cell: (row) => metrics.get(String(row[0]))?.title ?? String(row[0]) },
          { title: 'Value', end: true, cell: (row) => <Banded cell={row[3] ?? null} /> },
          {
            title: 'Made of',
            end: true,
            cell: (row) => (
              <Text size="sm" component="span">
                {ratioWords(row[3] ?? null)}
              </Text>
            ),
          },
        ]}
      />
    </Section>
  )
}
