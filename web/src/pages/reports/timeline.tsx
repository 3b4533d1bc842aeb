/** One figure over the period, beside the same days of the period it is compared with. Days that are still settling are marked. */
import { Select, Text } from '@mantine/core'
import { useState } from 'react'
import { useApi } from '../../api.ts'
import { Chart, dayWords, Lines } from '../../kit/index.ts'
import { type Days, lengthOf, type Unit, units, unitsFor } from './period.ts'
import type { Arguments, Tab } from './question.ts'
import { type Figure, nothing, rowOf } from './reading.ts'
import classes from './reports.module.css'
import type { Answer, Cell, Frame, Metric } from './types.ts'
import { monthOf, said, short, shortDay } from './words.ts'

interface TimelineProps extends Frame {
  readonly tab: Exclude<Tab, 'health'>
  readonly asked: Arguments
  readonly answer: Answer
  readonly ids: readonly string[]
  readonly onUnit: (unit: Unit) => void
}

interface Point {
  readonly from: string
  readonly to: string
  readonly figures: ReadonlyMap<string, Figure>
}

function pointsOf({ columns, rows }: NonNullable<Answer['timeline']>, metrics: Frame['metrics']): Point[] {
  return rows.map((cells: readonly Cell[]) => ({
    from: String(cells[0]),
    to: String(columns[1] === 'to' ? cells[1] : cells[0]),
    figures: rowOf(columns, cells, metrics).figures,
  }))
}

export function Timeline({ account, metrics, tab, asked, answer, ids, onUnit }: TimelineProps) {
  const [wanted, setWanted] = useState<string>()
  const columns = ids.filter((id) => answer.timeline?.columns.includes(id))
  const shown = wanted !== undefined && columns.includes(wanted) ? wanted : columns[0]
  const earlier = useEarlier(account.systemName, tab, asked, answer.comparison, shown)
  const metric = metrics.get(shown ?? '')
  if (!answer.timeline || shown === undefined || !metric) return null
  const points = pointsOf(answer.timeline, metrics)
  const before = earlier?.timeline ? pointsOf(earlier.timeline, metrics) : []
  const period: Days = { start: answer.passport.startDate, end: answer.passport.endDate }
  const unit = String(asked.timeline) as Unit
  const choice = (
    <>
      <Select
        size="xs"
        aria-label="Figure over time"
        data={columns.map((id) => ({ value: id, label: metrics.get(id)?.title ?? id }))}
        value={shown}
        onChange={(value) => setWanted(value ?? undefined)}
        allowDeselect={false}
        w={{ base: '100%', xs: 170 }}
      />
      <Select
        size="xs"
        aria-label="Timeline"
        data={unitsFor(lengthOf(period)).map((value) => ({ value, label: units[value] }))}
        value={unit}
        onChange={(value) => value && onUnit(value as Unit)}
        allowDeselect={false}
        w={{ base: '100%', xs: 120 }}
      />
    </>
  )
  return (
    <Drawn metric={metric} currency={account.currency} points={points} before={before} unit={unit} period={period} settling={answer.passport.stillSettlingFrom} choice={choice} />
  )
}

/** The same report of the period that is compared with, once it is known which that is. */
function useEarlier(account: string, tab: Exclude<Tab, 'health'>, asked: Arguments, comparison: Answer['comparison'], id: string | undefined) {
  const { compareTo: _compared, ...rest } = asked
  const narrowed = { ...rest, startDate: comparison?.startDate, endDate: comparison?.endDate, metrics: [id ?? ''], ...(tab === 'campaigns' || tab === 'flows' ? { limit: 1 } : {}) }
  const { data } = useApi('reports', tab, { account, ...narrowed } as never, { enabled: comparison !== undefined && id !== undefined, keep: true })
  return comparison === undefined ? undefined : (data as Answer | undefined)
}

interface DrawnProps {
  readonly metric: Metric
  readonly currency: string
  readonly points: readonly Point[]
  readonly before: readonly Point[]
  readonly unit: Unit
  readonly period: Days
  readonly settling: string | null
  readonly choice: React.ReactNode
}

function Drawn({ metric, currency, points, before, unit, period, settling, choice }: DrawnProps) {
  const { id, title } = metric
  const of = (point: Point | undefined) => (point?.figures.get(id) ?? nothing).value
  const words = (point: Point | undefined) => said(of(point), metric, currency)
  const isOpen = (point: Point) => settling !== null && point.to >= settling
  const nameOf = ({ from, to }: Point) => (unit === 'day' ? dayWords(from, undefined) : `${dayWords(from, undefined)} to ${dayWords(to, undefined)}`)
  const at = new Map(points.map((point, index) => [point.from, { point, earlier: before[index] }]))
  const most = points.reduce<Point | undefined>((best, point) => (Number(of(point) ?? -1) > Number(of(best) ?? -1) ? point : best), undefined)
  const compared = before.length > 0
  const open = points.findIndex(isOpen)
  const number = (point: Point | undefined) => (of(point) === null ? null : Number(of(point)))
  return (
    <Chart
      title={`${title} over time`}
      alt={`${title} from ${dayWords(period.start, undefined)} to ${dayWords(period.end, undefined)}, ${units[unit].toLowerCase()}: ${points.length} points${most && of(most) !== null ? `, highest ${words(most)} at ${nameOf(most)}` : ''}${compared ? '; the earlier period is a dashed line' : ''}`}
      actions={choice}
      table={{
        columns: [unit === 'day' ? 'Day' : 'Days', title, ...(compared ? ['Earlier', 'Earlier days'] : []), ...(open >= 0 ? ['State'] : [])],
        rows: points.map((point, index) => [
          nameOf(point),
          words(point),
          ...(compared ? [words(before[index]), before[index] ? nameOf(before[index]) : '–'] : []),
          ...(open >= 0 ? [isOpen(point) ? 'Still settling' : 'Settled'] : []),
        ]),
      }}
      foot={open >= 0 ? <Settling from={settling ?? ''} /> : undefined}
    >
      {points.every((point) => of(point) === null) ? (
        <Text size="sm" c="dimmed" ta="center" py="xl">
          Nothing is known of it in these days.
        </Text>
      ) : (
        <Lines
          height={260}
          points={points.map((point, index) => ({ at: point.from, now: number(point), before: number(before[index]) }))}
          series={[
            { field: 'now', label: 'This period', color: 'var(--mercat-accent)' },
            ...(compared ? [{ field: 'before', label: 'Earlier period', color: 'var(--mantine-color-dimmed)', dashed: true }] : []),
          ]}
          axisOf={unit === 'month' ? monthOf : shortDay}
          axis={(value) => short(value, metric)}
          // The line that leads to the first open point is as open as the point.
          openFrom={open < 0 ? undefined : points[Math.max(open - 1, 0)]?.from}
          say={({ at: from }) => {
            const found = at.get(from)
            return {
              title: found ? nameOf(found.point) : from,
              lines: [
                { label: title, value: words(found?.point), color: 'var(--mercat-accent)' },
                ...(found?.earlier ? [{ label: nameOf(found.earlier), value: words(found.earlier), color: 'var(--mantine-color-dimmed)' }] : []),
                ...(found && isOpen(found.point) ? [{ label: 'Still settling', value: '' }] : []),
              ],
            }
          }}
        />
      )}
    </Chart>
  )
}

function Settling({ from }: { from: string }) {
  return (
    <span className={classes.settling}>
      <span aria-hidden className={classes.ground} />
      Still settling from {dayWords(from, undefined)}: orders of these messages may yet come.
    </span>
  )
}
