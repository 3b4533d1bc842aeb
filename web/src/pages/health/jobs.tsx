/** Work beside the calls: what waits, what runs and how far it is, what became of it; and ending one. */
import { Badge, Button, Progress, Text } from '@mantine/core'
import { IconClockPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { useApi, useChange } from '../../api.ts'
import { Confirm, done, Empty, Loading, Problem, Records, Section, Time } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'
import classes from './health.module.css'
import { colorOf, number, stateWords } from './words.ts'

type Jobs = Output<'health', 'jobs'>
type Job = Jobs['jobs'][number]

const everyMs = 5_000

export function JobsSection({ account }: { account: Account }) {
  const [ending, setEnding] = useState<Job>()
  const { data, error, refetch } = useApi('health', 'jobs', { account: account.systemName }, { every: everyMs })
  const cancel = useChange('health', 'cancelJob')
  return (
    <Section title="Jobs" description="Long reports, imports, recounts and upkeep, newest first. Ended ones are kept for 24 hours.">
      {data ? <List data={data} onCancel={setEnding} /> : error ? <Problem error={error} retry={refetch} what="Jobs" /> : <Loading rows={2} what="jobs" />}
      <Confirm
        title={`Cancel “${ending?.title ?? ''}”?`}
        action="Cancel the job"
        change={cancel}
        input={ending && { account: account.systemName, id: ending.id }}
        onDone={({ state }) => done(state === 'cancelled' ? 'The job is cancelled' : `The job had ended already: ${state}`)}
        onClose={() => setEnding(undefined)}
      >
        What it has done so far stays; what it has not done is not done. It can be asked for again at any time.
      </Confirm>
    </Section>
  )
}

function List({ data, onCancel }: { data: Jobs; onCancel: (job: Job) => void }) {
  if (data.jobs.length === 0) {
    return (
      <Empty icon={IconClockPlay} title="No jobs">
        Reports that take long, imports and recounts appear here while they run and for a day after.
      </Empty>
    )
  }
  return (
    <>
      <Records
        label="Jobs"
        rows={data.jobs}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Job',
            quiet: true,
            cell: ({ title, type, of }) => (
              <>
                <span className={classes.name}>{title}</span>
                <div className={classes.small}>
                  {type}
                  {of === 'installation' ? ', of this Mercat' : ''}
                </div>
              </>
            ),
          },
          {
            title: 'State',
            cell: ({ state, error }) => (
              <>
                <Badge size="sm" color={colorOf(state)}>
                  {stateWords(state)}
                </Badge>
                {error === null ? null : <div className={classes.small}>{error}</div>}
              </>
            ),
          },
          { title: 'Progress', cell: (job) => <JobProgress job={job} /> },
          { title: 'Asked for', cell: ({ createdAt }) => <Time at={createdAt} /> },
          { title: 'Ended', cell: ({ finishedAt }) => (finishedAt === null ? 'Not yet' : <Time at={finishedAt} />) },
          {
            title: 'Actions',
            end: true,
            quiet: true,
            cell: (job) =>
              job.cancellable ? (
                <Button size="xs" variant="default" onClick={() => onCancel(job)} aria-label={`Cancel ${job.title}`}>
                  Cancel
                </Button>
              ) : null,
          },
        ]}
      />
      {data.of > data.jobs.length ? (
        <Text size="sm" c="dimmed" mt="xs">
          The newest {data.jobs.length} of {number(data.of)}.
        </Text>
      ) : null}
    </>
  )
}

function JobProgress({ job: { title, state, done: finished, total, message } }: { job: Job }) {
  if (state === 'queued') return 'Waits'
  return (
    <div className={classes.progress}>
      {total === null ? null : <Progress value={total === 0 ? 100 : Math.min(100, (100 * finished) / total)} aria-label={`Progress of ${title}`} mb={4} />}
      <div className={classes.small}>
        {total === null ? (finished > 0 ? number(finished) : null) : `${number(finished)} of ${number(total)}`}
        {message === null ? null : ` ${message}`}
      </div>
    </div>
  )
}
