/** The reports that come whole: the account's overview, and one row for each channel. */
import { useApi } from '../../api.ts'
import { figure, money, Section, Tiles } from '../../kit/index.ts'
import { Breakdown } from './breakdown.tsx'
import { Foot } from './foot.tsx'
import type { PartProps } from './part.ts'
import { columnsOf } from './question.ts'
import { figureOf, nothing, rowOf, rowsOf, summaryOf } from './reading.ts'
import classes from './reports.module.css'
import { Results } from './results.tsx'
import { ReportTable } from './table.tsx'
import { MovedTile, narrowest, Totals } from './tiles.tsx'
import { Timeline } from './timeline.tsx'
import type { Cell, Channels, Frame, Overview } from './types.ts'
import { Uplift } from './uplift.tsx'
import { type Moved, rate } from './words.ts'

export function OverviewReport(props: PartProps) {
  const { frame, question, asked } = props
  const report = useApi('reports', 'overview', { account: frame.account.systemName, ...asked } as never, { keep: true })
  const { metrics: ids } = columnsOf(question)
  return (
    <Results of={report} part={props}>
      {(answer) => {
        // Columns of parts are those of rows without what names a row of them.
        const parts = answer.parts.map((cells) => rowOf(['part', ...answer.columns.filter((name) => frame.metrics.has(name))], cells, frame.metrics))
        return (
          <>
            <Everything account={frame.account} answer={answer} />
            <Whole {...props} tab="overview" answer={answer}>
              <Section title="By hand and by flows" description="They share no message: together they are the totals above.">
                <ReportTable {...frame} kind="part" label="Figures by part" ids={ids} rows={parts.map((row) => ({ ...row, name: partNames[row.name] ?? row.name }))} />
              </Section>
            </Whole>
          </>
        )
      }}
    </Results>
  )
}

const partNames: Readonly<Record<string, string>> = { flows: 'Sent by flows', 'manual campaigns': 'Sent by hand' }

/** All orders of the account, whatever led to them. */
function Everything({ account, answer }: { account: Frame['account']; answer: Overview }) {
  const own = answer.account
  if (own === null || typeof own.orders !== 'number') return null
  const { currency } = account
  const earned = (cell: Cell | undefined, words: (value: Cell) => string) => {
    const { value, numerator } = figureOf(cell, undefined)
    return `${words(numerator)} earned by campaigns and flows${value === null ? '' : `, ${rate(Number(value))}`}`
  }
  const change = (cell: Cell | undefined, words: (value: Cell) => string): Moved | undefined => {
    if (!Array.isArray(cell)) return undefined
    const [earlier = null, delta = null, relative = null] = cell as (number | string | null)[]
    const up = Number(delta) > 0
    if (delta === null || Number(delta) === 0) return { way: 'level', good: undefined, words: `As before: ${words(earlier)}` }
    return { way: up ? 'up' : 'down', good: up, words: `${up ? 'Up' : 'Down'}${relative === null ? '' : ` ${rate(Math.abs(Number(relative)))}`} from ${words(earlier)}` }
  }
  const counted = (value: Cell) => figure(Number(value))
  const paid = (value: Cell) => money(String(value ?? '0'), currency)
  return (
    <Section title="All orders of the account" description="Orders placed in the period, whatever led to them.">
      <Tiles narrowest={narrowest}>
        <MovedTile title="Orders placed" value={counted(own.orders)} more={earned(own.attributedOrders, counted)} move={change(own.ordersChange, counted)} />
        <MovedTile title="Revenue" value={paid(own.revenue ?? null)} more={earned(own.attributedRevenue, paid)} move={change(own.revenueChange, paid)} />
      </Tiles>
    </Section>
  )
}

export function ChannelsReport(props: PartProps) {
  const { frame, asked } = props
  const report = useApi('reports', 'channels', { account: frame.account.systemName, ...asked } as never, { keep: true })
  return (
    <Results of={report} part={props}>
      {(answer) => (
        <Whole {...props} tab="channels" answer={answer}>
          <Section title="What each channel can report" description="Figures of anything else are left open, not zero.">
            <dl className={classes.reportable}>
              {Object.entries(answer.reportable).map(([channel, events]) => (
                <div key={channel}>
                  <dt>{channel}</dt>
                  <dd>{events}</dd>
                </div>
              ))}
            </dl>
          </Section>
        </Whole>
      )}
    </Results>
  )
}

function Whole({ frame, question, asked, onChange, tab, answer, children }: PartProps & { tab: 'overview' | 'channels'; answer: Overview | Channels; children: React.ReactNode }) {
  const { metrics: ids, sort = '' } = columnsOf(question)
  const rows = rowsOf([answer], frame.metrics)
  const total = summaryOf(answer.summary, frame.metrics).get(sort) ?? nothing
  return (
    <>
      <Section title="Campaigns and flows together" description="Each message is counted once.">
        <Totals {...frame} answer={answer} ids={ids} />
      </Section>
      <Timeline {...frame} tab={tab} asked={asked} answer={answer} ids={[sort, ...ids.filter((id) => id !== sort)]} onUnit={(unit) => onChange({ unit })} />
      <Breakdown {...frame} kind="channel" sort={sort} rows={rows} total={total} />
      {rows.length > 0 ? (
        <Section title="By channel">
          <ReportTable
            {...frame}
            kind="channel"
            label="Figures by channel"
            ids={ids}
            rows={rows}
            sort={{ by: sort, onChange: (id) => onChange({ sort: id === ids[0] ? undefined : id }) }}
          />
        </Section>
      ) : null}
      {children}
      <Uplift rows={answer.uplift} currency={frame.account.currency} />
      <Foot passport={answer.passport} cautions={answer.cautions} />
    </>
  )
}
