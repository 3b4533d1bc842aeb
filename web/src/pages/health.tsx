/** How Mercat is for this account: state, pipelines, jobs, errors. Updates by itself. */
import { IconHeartbeat } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApi } from '../api.ts'
import { Loading, Page, Problem, Section, Time } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { ErrorsSection } from './health/errors.tsx'
import { JobsSection } from './health/jobs.tsx'
import { PipelinesSection } from './health/pipelines.tsx'
import { Overall, Parts } from './health/status.tsx'
import { WebhooksSection } from './health/webhooks.tsx'

const everyMs = 5_000

function Health({ account }: { account: Account }) {
  const { data, error, refetch } = useApi('health', 'status', { account: account.systemName }, { every: everyMs })
  const client = useQueryClient()
  const reachable = data?.stores.map((store) => store.reachable).join()
  const before = useRef(reachable)
  // What a store that went or came back has to tell is not left standing until it is asked for again.
  useEffect(() => {
    if (before.current !== undefined && before.current !== reachable) void client.invalidateQueries({ queryKey: ['health'], predicate: ({ queryKey }) => queryKey[1] !== 'status' })
    before.current = reachable
  }, [client, reachable])
  return (
    <Page
      wide
      title="Mission control"
      description={
        <>
          Whether Mercat works for {account.name}, what came in, what runs and what failed.{' '}
          {data ? (
            <>
              Checked <Time at={data.checkedAt} />; this page updates by itself.
            </>
          ) : null}
        </>
      }
    >
      {error ? <Problem error={error} retry={refetch} what="The status" /> : null}
      {data && !error ? <Overall status={data} /> : null}
      {data ? (
        <Section title="At a glance">
          <Parts status={data} />
        </Section>
      ) : error ? null : (
        <Loading rows={3} height={96} what="the status" />
      )}
      <PipelinesSection account={account} />
      <WebhooksSection account={account} status={data} />
      <JobsSection account={account} />
      <ErrorsSection account={account} />
    </Page>
  )
}

export default definePage({
  path: 'health',
  title: 'Mission control',
  icon: IconHeartbeat,
  group: 'operations',
  order: 10,
  place: 'account',
  needs: 'read:health',
  component: Health,
})
