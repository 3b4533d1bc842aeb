/** Reports: the figures that assistants get, from the same services by the same arguments, in charts and tables. The whole question stands in the address. */
import { Button, Tabs } from '@mantine/core'
import { IconChartHistogram, IconDownload } from '@tabler/icons-react'
import { useMemo } from 'react'
import { downloadUrl, useApi } from '../api.ts'
import { Page, Problem } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { Ask } from './reports/ask.tsx'
import { Filters } from './reports/filters.tsx'
import { HealthReport } from './reports/health.tsx'
import { type Arguments, argumentsOf, nameOf, type Tab, tabOf, tabs, useQuestion } from './reports/question.ts'
import classes from './reports/reports.module.css'
import { RowsReport } from './reports/rows-report.tsx'
import { ChannelsReport, OverviewReport } from './reports/whole-reports.tsx'
import type { PartProps } from './reports/part.ts'

function Reports({ account }: { account: Account }) {
  const [question, onChange, onClear] = useQuestion()
  const { data: definitions, error, refetch } = useApi('reports', 'metrics', { account: account.systemName })
  const { data: choices } = useApi('reports', 'choices', { account: account.systemName })
  const metrics = useMemo(() => new Map(definitions?.metrics.map((metric) => [metric.id, metric])), [definitions])
  const tab = tabOf(question)
  const asked = argumentsOf(tab, question, account.timeZone)
  const part: PartProps = {
    frame: { account, metrics },
    question,
    asked,
    onChange,
    onClear,
    filters: (fault) => (
      <Filters account={account} metrics={metrics} tab={tab} question={question} choices={choices} wrong={nameOf(fault?.details.argument)} onChange={onChange} onClear={onClear} />
    ),
  }
  return (
    <Page
      wide
      title="Reports"
      description="The figures that a connected assistant gets, from the same definitions. The address of this page keeps every filter: share it as it is."
      actions={
        <>
          <Ask account={account} tab={tab} asked={asked} choices={choices} />
          <Export account={account} tab={tab} asked={asked} />
        </>
      }
    >
      <Tabs value={tab} onChange={(value) => onChange({ report: value ?? undefined, group: undefined })} keepMounted={false} classNames={{ list: classes.tabs ?? '' }}>
        <Tabs.List aria-label="Reports">
          {Object.entries(tabs).map(([value, { title }]) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} className={classes.panel ?? ''}>
          {error && !definitions ? <Problem error={error} retry={refetch} what="The definitions of the figures" /> : <Part tab={tab} part={part} />}
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Part({ tab, part }: { tab: Tab; part: PartProps }) {
  switch (tab) {
    case 'overview':
      return <OverviewReport {...part} />
    case 'channels':
      return <ChannelsReport {...part} />
    case 'health':
      return <HealthReport {...part} />
    default:
      return <RowsReport key={tab} tab={tab} {...part} />
  }
}

/** All rows of the filters, not only those that are loaded. */
function Export({ account, tab, asked: { timeline: _timeline, compareTo: _compared, ...rest } }: { account: Account; tab: Tab; asked: Arguments }) {
  if (tab !== 'campaigns' && tab !== 'flows') return null
  return (
    <Button
      component="a"
      variant="default"
      href={downloadUrl('reports', `${tab}Csv`, { account: account.systemName, asked: JSON.stringify(rest) })}
      download
      leftSection={<IconDownload size={17} aria-hidden />}
      title="All rows of the filters below, with what each rate divides"
    >
      Export as CSV
    </Button>
  )
}

export default definePage({
  path: 'reports',
  title: 'Reports',
  icon: IconChartHistogram,
  order: 12,
  place: 'account',
  group: 'insights',
  needs: 'read:reports',
  component: Reports,
})
