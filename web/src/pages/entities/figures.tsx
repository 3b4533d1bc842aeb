/** What a campaign or flow did in the last 90 days, each figure with its definition, and the way to the whole report. */
import { Button, Text } from '@mantine/core'
import { IconReportAnalytics } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../api.ts'
import { dayWords, figure, Info, Loading, money, Problem, Section, share, Tile, Tiles, Time } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'

type Figures = Output<'entities', 'figures'>

export function FiguresSection({ account, type, id }: { account: Account; type: 'campaign' | 'flow'; id: string }) {
  const { data, error, refetch } = useApi('entities', 'figures', { account: account.systemName, type, id })
  return (
    <Section
      title="Figures"
      description={data ? `Messages sent ${dayWords(data.startDate, undefined)} to ${dayWords(data.endDate, undefined)}, and all that followed.` : undefined}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconReportAnalytics size={15} aria-hidden />}
          renderRoot={(rest) => <Link to="/a/$account/$page" params={{ account: account.systemName, page: 'reports' }} search={{ report: type, [type]: id } as never} {...rest} />}
        >
          Open the report
        </Button>
      }
    >
      {data ? <FigureTiles figures={data} /> : error ? <Problem error={error} retry={refetch} what="The figures" /> : <Loading rows={1} height={88} what="the figures" />}
    </Section>
  )
}

function FigureTiles({ figures }: { figures: Figures }) {
  return (
    <>
      <Tiles narrowest="max(8.25rem, 22%)">
        {figures.metrics.map((metric) => (
          <Tile key={metric.id} title={metric.title} info={<Info title={metric.title} definition={metric.definition} />} value={valueWords(metric, figures.currency)} />
        ))}
      </Tiles>
      <Text size="xs" c="dimmed" mt="sm" component="div">
        {figures.dataAsOf === null ? (
          'No events were loaded yet.'
        ) : (
          <>
            Newest data <Time at={figures.dataAsOf} />. A dash: nothing is known, which is not zero.
          </>
        )}
        {figures.stillSettlingFrom === null ? null : ` Orders may still come for messages since ${dayWords(figures.stillSettlingFrom, undefined)}.`}
      </Text>
    </>
  )
}

function valueWords({ unit, value }: Figures['metrics'][number], currency: string): string {
  if (typeof value === 'string') return money(value, currency)
  return unit === 'rate' ? share(value) : figure(value)
}
