/** The frame of a chart: its title, what it shows in words for whoever does not see it, and the same figures as a table. The library that draws comes only when a plot is shown. */
import { Button, Skeleton, Text, Title } from '@mantine/core'
import { IconChartBar, IconTable } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { BarPlotProps } from './bar-plot.tsx'
import { Card } from './card.tsx'
import classes from './chart.module.css'
import type { LinePlotProps } from './line-plot.tsx'
import { TableBox } from './records.tsx'

const BarPlot = lazy(() => import('./bar-plot.tsx'))
const LinePlot = lazy(() => import('./line-plot.tsx'))

interface ChartProps {
  readonly title: string
  readonly description?: ReactNode
  /** What the picture says, with its key figures. */
  readonly alt: string
  /** The same figures: the first column names the row. */
  readonly table: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  readonly actions?: ReactNode
  readonly children: ReactNode
  /** What holds for picture and table. */
  readonly foot?: ReactNode
}

export function Chart({ title, description, alt, table, actions, children, foot }: ChartProps) {
  const [asTable, setAsTable] = useState(false)
  const Sign = asTable ? IconChartBar : IconTable
  return (
    <Card>
      <div className={classes.head}>
        <div className={classes.words}>
          <Title order={3} className={classes.title}>
            {title}
          </Title>
          {description === undefined ? null : (
            <Text size="sm" c="dimmed" component="div">
              {description}
            </Text>
          )}
        </div>
        <div className={classes.actions}>
          {actions}
          <Button
            size="xs"
            variant="default"
            leftSection={<Sign size={14} aria-hidden />}
            onClick={() => setAsTable(!asTable)}
            aria-label={`${asTable ? 'Show as chart' : 'Show as table'}: ${title}`}
          >
            {asTable ? 'Chart' : 'Table'}
          </Button>
        </div>
      </div>
      {asTable ? (
        <div className={classes.figures} data-figures>
          <Figures label={title} {...table} />
        </div>
      ) : (
        <div role="img" aria-label={alt}>
          {children}
        </div>
      )}
      {foot === undefined ? null : (
        <Text size="xs" c="dimmed" mt="sm" component="div">
          {foot}
        </Text>
      )}
    </Card>
  )
}

function Figures({ label, columns, rows }: ChartProps['table'] & { label: string }) {
  return (
    <TableBox label={`${label}, as a table`} className={classes.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.join('\u0000')}>
            {row.map((cell, index) =>
              index === 0 ? (
                <th key={columns[index]} scope="row">
                  {cell}
                </th>
              ) : (
                <td key={columns[index]}>{cell}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </TableBox>
  )
}

/** Bars in a `Chart`. What is in it is a picture: the frame's words and table are for whoever cannot point at it. */
export function Plot(props: BarPlotProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height} radius="md" />}>
      <BarPlot {...props} />
    </Suspense>
  )
}

/** Lines over time in a `Chart`, as `Plot` draws bars. */
export function Lines(props: LinePlotProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height} radius="md" />}>
      <LinePlot {...props} />
    </Suspense>
  )
}
