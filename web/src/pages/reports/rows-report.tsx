/** The reports of campaigns and of flows: totals, the period, the rows, and those in which nothing happened. */
import { Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useApi, usePages } from '../../api.ts'
import { figure, Loading, More, Section } from '../../kit/index.ts'
import { Breakdown } from './breakdown.tsx'
import { Foot } from './foot.tsx'
import type { PartProps } from './part.ts'
import { type Arguments, columnsOf } from './question.ts'
import { nothing, restOf, rowsOf, summaryOf } from './reading.ts'
import classes from './reports.module.css'
import { Results } from './results.tsx'
import { ReportTable } from './table.tsx'
import { Totals } from './tiles.tsx'
import { Timeline } from './timeline.tsx'
import type { Report } from './types.ts'
import { Uplift } from './uplift.tsx'

type RowsTab = 'campaigns' | 'flows'

export function RowsReport({ tab, ...part }: PartProps & { tab: RowsTab }) {
  const { frame, question, asked, onChange } = part
  const list = usePages('reports', tab, { account: frame.account.systemName, ...asked } as never, { keep: true })
  const pages = (list.data?.pages ?? []) as unknown as readonly Report[]
  const { metrics: ids, sort = '' } = columnsOf(question)
  const kind = question.group ?? (tab === 'campaigns' ? 'campaign' : 'flow')
  return (
    <Results of={{ ...list, data: pages[0] }} part={part}>
      {(first) => {
        const rows = rowsOf(pages, frame.metrics)
        const rest = restOf(pages, rows, frame.metrics)
        const total = summaryOf(first.summary, frame.metrics).get(sort) ?? nothing
        return (
          <>
            <Totals {...frame} answer={first} ids={ids} />
            <Timeline {...frame} tab={tab} asked={asked} answer={first} ids={[sort, ...ids.filter((id) => id !== sort)]} onUnit={(unit) => onChange({ unit })} />
            <Breakdown {...frame} kind={kind} sort={sort} rows={rows} rest={rest} total={total} />
            <Section title={`By ${kind}`}>
              {rows.length > 0 ? (
                <>
                  <ReportTable
                    {...frame}
                    kind={kind}
                    label={`Figures by ${kind}`}
                    ids={ids}
                    rows={rows}
                    rest={rest}
                    sort={{ by: sort, onChange: (id) => onChange({ sort: id === ids[0] ? undefined : id }) }}
                  />
                  <Group justify="space-between" gap="sm">
                    <Text size="sm" c="dimmed" role="status" mt="sm">
                      {figure(rows.length)} of {figure(first.coverage.of)}
                    </Text>
                    <More of={list} />
                  </Group>
                </>
              ) : (
                <Text size="sm" c="dimmed">
                  Nothing happened in these days. Choose a longer period, or fewer filters.
                </Text>
              )}
              <Inactive account={frame.account.systemName} tab={tab} asked={asked} inactive={first.noActivity} />
            </Section>
            <Uplift rows={first.uplift} currency={frame.account.currency} />
            <Foot passport={first.passport} cautions={first.cautions} />
          </>
        )
      }}
    </Results>
  )
}

/** Ids that the answer of this page lists at most. */
const mostIds = 200

/** Those in which nothing happened: counted at once, listed when somebody wants to see them. */
function Inactive({ account, tab, asked, inactive: { count, ids } }: { account: string; tab: RowsTab; asked: Arguments; inactive: Report['noActivity'] }) {
  const [opened, setOpened] = useState(false)
  const { timeline: _timeline, compareTo: _compared, ...rest } = asked
  // The overview leaves a long list out; the full mode has it.
  const full = useApi('reports', tab, { account, metrics: ['sends'], ...rest, mode: 'full', limit: 1 } as never, { enabled: opened && ids.length < count, keep: true })
  if (count === 0) return null
  const listed = ids.length < count ? (full.data as Report | undefined)?.noActivity.ids : ids
  return (
    <details className={classes.inactive} onToggle={({ currentTarget }) => setOpened(currentTarget.open)}>
      <summary>{figure(count)} without any activity in these days</summary>
      {listed === undefined ? (
        opened && <Loading rows={1} height={40} what="the list" />
      ) : (
        <>
          <ul className={classes.ids}>
            {listed.map((id) => (
              <li key={id}>
                <code>{id}</code>
              </li>
            ))}
          </ul>
          {listed.length < count ? `The first ${figure(Math.min(mostIds, listed.length))} of ${figure(count)}.` : null}
        </>
      )}
    </details>
  )
}
