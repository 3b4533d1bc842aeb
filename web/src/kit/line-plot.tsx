/** Lines over time, drawn by the one chart library. Loaded only where a chart is shown. */
import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import { ReferenceArea } from 'recharts'
import { PlotTooltip, type TooltipLine } from './plot-tooltip.tsx'

/** A place on the axis of time; null: nothing is known there, and the line has a gap. */
export interface LinePoint {
  readonly at: string
  readonly [field: string]: string | number | null
}

export interface LinePlotProps {
  readonly height: number
  readonly points: readonly LinePoint[]
  /** Fields that are drawn. Colours are variables of the theme. */
  readonly series: readonly { readonly field: string; readonly label: string; readonly color: string; readonly dashed?: boolean }[]
  /** A point's name on the axis. */
  readonly axisOf: (at: string) => string
  /** Figures of the axis, as people read them. */
  readonly axis: (value: number) => string
  /** What is said of a point. */
  readonly say: (point: LinePoint) => { readonly title: string; readonly lines: readonly TooltipLine[] }
  /** From this point on the figures are not final: the ground under them is tinted. */
  readonly openFrom?: string | undefined
}

/** Points that each have a dot: more are a line. */
const fewPoints = 32

export default function LinePlot({ height, points, series, axisOf, axis, say, openFrom }: LinePlotProps) {
  const last = points.at(-1)?.at
  return (
    <LineChart
      h={height}
      data={[...points]}
      dataKey="at"
      series={series.map(({ field, label, color, dashed }) => ({ name: field, label, color, ...(dashed ? { strokeDasharray: '5 5' } : {}) }))}
      curveType="linear"
      connectNulls={false}
      withDots={points.length <= fewPoints}
      dotProps={{ r: 3, strokeWidth: 0 }}
      activeDotProps={{ r: 5, strokeWidth: 0 }}
      tickLine="none"
      withLegend={series.length > 1}
      legendProps={{ verticalAlign: 'bottom', itemSorter: null }}
      gridColor="var(--mercat-line)"
      textColor="var(--mantine-color-dimmed)"
      valueFormatter={axis}
      // It stands in a picture: nothing in it takes the focus. The table of the frame is for the keyboard.
      // Room for the highest figure of the axis at its line, and for the last day.
      lineChartProps={{ accessibilityLayer: false, margin: { top: 10, right: 22 } }}
      xAxisProps={{ tickFormatter: axisOf, minTickGap: 28, interval: 'equidistantPreserveStart' }}
      yAxisProps={{ width: 56 }}
      tooltipProps={{
        content: ({ active, payload }) => {
          const point = payload?.[0]?.payload as LinePoint | undefined
          return active && point ? <PlotTooltip {...say(point)} /> : null
        },
      }}
    >
      {openFrom === undefined || last === undefined ? null : <ReferenceArea x1={openFrom} x2={last} fill="var(--mercat-tint-strong)" fillOpacity={0.55} />}
    </LineChart>
  )
}
