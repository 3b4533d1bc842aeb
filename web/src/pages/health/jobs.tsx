/** Work beside the calls: what waits, what runs and how far it is, what became of it; and ending one. */
import { Badge, Button, Progress } from '@mantine/core'
import { IconClockPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { useChange, usePages } from '../../api.ts'
import { Confirm, done, Empty, Loading, More, None, figure, Problem, Records, Section, Time } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'
import classes from './health.module.css'
import { colorOf, stateWords } from './words.ts'

type Job = Output<'health', 'jobs'>['jobs'][number]

const everyMs = 5_000

export function JobsSection({ account }: { account: Account }) {
  const [ending, setEnding] = useState<Job>()
  const list = usePages('health', 'jobs', { account: account.systemName }, { every: everyMs })
  const cancel = useChange('health', 'cancelJob')
  return (
    <Section title="Jobs" description="Long reports, imports, recounts and upkeep, newest first. Ended ones are kept for 24 hours.">
      {list.data ? (
        <>
          <List jobs={list.data.pages.flatMap(({ jobs }) => jobs)} onCancel={setEnding} />
          <More of={list} />
        </>
      ) : list.error ? (
        <Problem error={list.error} retry={list.refetch} what="Jobs" />
      ) : (
        <Loading rows={2} what="jobs" />
      )}
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

function List({ jobs, onCancel }: { jobs: readonly Job[]; onCancel: (job: Job) => void }) {
  if (jobs.length === 0) {
    return (
      <Empty icon={IconClockPlay} title="No jobs">
        Reports that take long, imports and recounts appear here while they run and for a day after.
      </Empty>
    )
  }
  return (
    <Records
      label="Jobs"
      rows={jobs}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Job',
          quiet: true,
          cell: ({ title, type, owner }) => (
            <>
              <span className={classes.name}>{title}</span>
              <div className={classes.small}>
                {type}
                {owner === 'installation' ? ', of this Mercat' : ''}
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
  )
}

function JobProgress({ job: { title, state, done: finished, total, message } }: { job: Job }) {
  if (state === 'queued') return 'Waits'
  if (total === null && finished === 0 && message === null) return <None />
  return (
    <div className={classes.progress}>
      {total === null ? null : <Progress value={total === 0 ? 100 : Math.min(100, (100 * finished) / total)} aria-label={`Progress of ${title}`} mb={4} />}
      <div className={classes.small}>
        {total === null ? (finished > 0 ? figure(finished) : null) : `${figure(finished)} of ${figure(total)}`}
        {message === null ? null : ` ${message}`}
      </div>
    </div>
  )
}
