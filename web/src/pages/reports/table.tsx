/** The rows of a report as a table, sorted by one of its figures as the tool sorts them: largest first. */
import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort } from '@tabler/icons-react'
import { TableBox } from '../../kit/index.ts'
import { kindTitle } from './breakdown.tsx'
import { definitionOf } from './info.tsx'
import { nothing, type Row } from './reading.ts'
import classes from './reports.module.css'
import type { Frame, Metric } from './types.ts'
import { madeOf, rate, said } from './words.ts'

interface TableProps extends Frame {
  readonly kind: string
  readonly label: string
  readonly ids: readonly string[]
  readonly rows: readonly Row[]
  readonly rest?: Row | undefined
  /** Left out where the order is the answer's own. */
  readonly sort?: { readonly by: string; readonly onChange: (id: string) => void }
}

export function ReportTable({ account, metrics, kind, label, ids, rows, rest, sort }: TableProps) {
  const shown = ids.flatMap((id) => metrics.get(id) ?? []).filter(({ id }) => rows.some((row) => row.figures.has(id)))
  return (
    <TableBox label={label} className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{kindTitle(kind)}</th>
          {shown.map((metric) => (
            <th key={metric.id} scope="col" aria-sort={sort?.by === metric.id ? 'descending' : undefined}>
              <Head metric={metric} {...(sort ? { sorted: sort.by === metric.id, onSort: () => sort.onChange(metric.id) } : {})} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.id} row={row} shown={shown} currency={account.currency} />
        ))}
        {rest ? <Line row={rest} shown={shown} currency={account.currency} isRest /> : null}
      </tbody>
    </TableBox>
  )
}

function Head({ metric, sorted = false, onSort }: { metric: Metric; sorted?: boolean; onSort?: () => void }) {
  const Sign = sorted ? IconArrowDown : IconArrowsSort
  return (
    <Tooltip label={definitionOf(metric)} multiline w={280} events={{ hover: true, focus: true, touch: false }}>
      {onSort ? (
        <UnstyledButton className={classes.sort} data-sorted={sorted || undefined} onClick={onSort}>
          {metric.title}
          <Sign size={14} aria-hidden />
        </UnstyledButton>
      ) : (
        <span>{metric.title}</span>
      )}
    </Tooltip>
  )
}

function Line({ row, shown, currency, isRest = false }: { row: Row; shown: readonly Metric[]; currency: string; isRest?: boolean }) {
  return (
    <tr data-rest={isRest || undefined}>
      <th scope="row">
        <bdi className={classes.name}>{row.name}</bdi>
        {row.weak.map((words) => (
          <span key={words} className={classes.weak}>
            {words}
          </span>
        ))}
      </th>
      {shown.map((metric) => {
        const figure = row.figures.get(metric.id) ?? nothing
        const share = row.shares.get(metric.id)
        const more = share === undefined ? madeOf(figure, metric, currency) : `${rate(share)} of all`
        return (
          <td key={metric.id}>
            {said(figure.value, metric, currency)}
            {more === undefined ? null : <span className={classes.madeOf}>{more}</span>}
          </td>
        )
      })}
    </tr>
  )
}
