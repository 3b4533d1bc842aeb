/** What failed in execution in the last 7 days: messages by campaign, channel and error, loads and jobs. */
import { Badge } from '@mantine/core'
import { IconMoodCheck } from '@tabler/icons-react'
import { usePages } from '../../api.ts'
import { Day, Empty, Loading, More, None, figure, Problem, Records, Section, Time } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'
import classes from './health.module.css'
import { percent } from './words.ts'

type ExecutionError = Output<'health', 'errors'>['errors'][number]

const everyMs = 60_000
const kinds = { message: 'Messages', load: 'Loads', job: 'Jobs' }

export function ErrorsSection({ account }: { account: Account }) {
  const list = usePages('health', 'errors', { account: account.systemName }, { every: everyMs })
  const first = list.data?.pages[0]
  const errors = list.data?.pages.flatMap((page) => page.errors) ?? []
  return (
    <Section title="Execution errors" description="Messages that bounced or failed, failed loads and failed jobs, of the last 7 days.">
      {first ? (
        <>
          <List errors={errors} floor={first.passport.privacyFloor} />
          <More of={list} />
        </>
      ) : list.error ? (
        <Problem error={list.error} retry={list.refetch} what="Execution errors" />
      ) : (
        <Loading rows={2} what="execution errors" />
      )}
    </Section>
  )
}

function List({ errors, floor }: { errors: readonly ExecutionError[]; floor: number }) {
  if (errors.length === 0) {
    return (
      <Empty icon={IconMoodCheck} title="No errors in the last 7 days">
        What providers say of messages that did not arrive appears here, with loads and jobs that failed.
      </Empty>
    )
  }
  return (
    <Records
      label="Execution errors"
      rows={errors}
      keyOf={({ kind, campaign, source, channel, event, error }) => JSON.stringify([kind, campaign, source, channel, event, error])}
      columns={[
        {
          title: 'Error',
          quiet: true,
          cell: ({ kind, error, event }) => (
            <>
              <span className={classes.name}>{error}</span>
              <div className={classes.small}>
                <Badge size="sm" color="gray" component="span">
                  {kinds[kind]}
                </Badge>{' '}
                {event}
              </div>
            </>
          ),
        },
        { title: 'Campaign or source', cell: ({ campaign, source }) => campaign?.name ?? source },
        { title: 'Channel', cell: ({ channel }) => channel ?? <None /> },
        { title: 'Count', end: true, cell: ({ count }) => (count === null ? `fewer than ${floor}` : figure(count)) },
        { title: 'Of sends', end: true, cell: ({ shareOfSends }) => (shareOfSends === null ? <None /> : percent(shareOfSends)) },
        {
          title: 'Last',
          // Of few messages only the day is told.
          cell: ({ count, lastAt }) => (count === null ? <Day at={lastAt} /> : <Time at={lastAt} />),
        },
      ]}
    />
  )
}
