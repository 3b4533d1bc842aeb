/** Bars, drawn by the one chart library. Only the plots import it, and they are loaded only where a chart is shown. */
import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { PlotTooltip } from './plot-tooltip.tsx'

export interface BarPlotProps {
  readonly height: number
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  /** The field of a row that names it, as its axis and its tooltip say it. */
  readonly nameOf: { readonly axis: string; readonly tooltip?: string }
  /** Fields that are drawn; those of one `stack` stand on each other. Colours are variables of the theme. */
  readonly series: readonly { readonly field: string; readonly label: string; readonly color: string; readonly stack?: string }[]
  /** Lying bars: for few rows with long names. */
  readonly lying?: boolean
  readonly legend?: boolean
  /** Figures of the axis, as people read them. */
  readonly axis?: (value: number) => string
  /** What a row's tooltip says of a series; default: its figure. */
  readonly say?: (field: string, row: Readonly<Record<string, string | number>>) => string
  /** What the tooltip says besides. */
  readonly besides?: (row: Readonly<Record<string, string | number>>) => readonly (readonly [string, string])[]
}

export default function BarPlot({ height, rows, nameOf, series, lying = false, legend = false, axis, say, besides }: BarPlotProps) {
  // What is nowhere has no place in the picture, nor in its legend.
  const drawn = series.filter(({ field }) => rows.some((row) => row[field] !== 0))
  return (
    <BarChart
      h={height}
      data={[...rows]}
      dataKey={nameOf.axis}
      series={drawn.map(({ field, label, color, stack }) => ({ name: field, label, color, ...(stack === undefined ? {} : { stackId: stack }) }))}
      orientation={lying ? 'vertical' : 'horizontal'}
      gridAxis={lying ? 'y' : 'x'}
      tickLine="none"
      withLegend={legend}
      legendProps={{ verticalAlign: 'bottom', itemSorter: null }}
      maxBarWidth={lying ? 18 : 28}
      gridColor="var(--mercat-line)"
      textColor="var(--mantine-color-dimmed)"
      cursorFill="var(--mercat-tint)"
      // It stands in a picture: nothing in it takes the focus. The table of the frame is for the keyboard.
      accessibilityLayer={false}
      // Room for the highest figure of the axis at its line, and for the last day.
      barChartProps={{ margin: { top: 10, right: 8 } }}
      barProps={{ radius: lying ? 3 : [3, 3, 0, 0] }}
      xAxisProps={lying ? { tickCount: 4, allowDecimals: false } : { minTickGap: 16, interval: 'equidistantPreserveStart' }}
      yAxisProps={lying ? { width: 52 } : { width: 48, allowDecimals: false }}
      {...(axis ? { valueFormatter: axis } : {})}
      tooltipProps={{
        content: ({ active, payload }) => {
          const row = payload?.[0]?.payload as BarPlotProps['rows'][number] | undefined
          if (!active || !row) return null
          return (
            <PlotTooltip
              title={row[nameOf.tooltip ?? nameOf.axis]}
              lines={[
                ...drawn.map(({ field, label, color }) => ({ label, value: say?.(field, row) ?? String(row[field]), color })),
                ...(besides?.(row) ?? []).map(([label, value]) => ({ label, value })),
              ]}
            />
          )
        },
      }}
    />
  )
}
