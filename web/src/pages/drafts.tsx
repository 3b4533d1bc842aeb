/** Drafts: what assistants and people propose, and what was decided on it. One of them has a page of its own. */
import { Badge, Select, Tabs, Text, VisuallyHidden } from '@mantine/core'
import { IconInbox, IconRobot } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useApi, usePages } from '../api.ts'
import { Empty, figure, Loading, More, Page, Problem, Records, StatusBadge, Time } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { Draft } from './drafts/draft.tsx'
import classes from './drafts/drafts.module.css'
import type { DraftRow, DraftType, Drafts as DraftsAnswer } from './drafts/types.ts'
import { proposer, readers, short, typeWords } from './drafts/words.ts'

type State = 'open' | 'decided'
const isType = (value: unknown): value is DraftType => typeof value === 'string' && Object.hasOwn(typeWords, value)

function Drafts({ account }: { account: Account }) {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const state: State = search.state === 'decided' ? 'decided' : 'open'
  const type = isType(search.type) ? search.type : undefined
  const go = (next: { state: State; type: DraftType | undefined }) =>
    void navigate({ to: '.', search: { ...(next.state === 'open' ? {} : { state: next.state }), ...(next.type === undefined ? {} : { type: next.type }) } as never, replace: true })
  const list = usePages('drafts', 'list', { account: account.systemName, state, ...(type === undefined ? {} : { type }) }, { keep: true })
  const first = list.data?.pages[0]
  const rows = list.data?.pages.flatMap((page) => page.drafts) ?? []
  return (
    <Page
      wide
      title="Drafts"
      description="What assistants and people propose. A draft does nothing until somebody approves it here; Mercat itself never sends anything to a customer."
    >
      <Tabs value={state} onChange={(value) => go({ state: value === 'decided' ? 'decided' : 'open', type })}>
        <div className={classes.filters}>
          <Tabs.List>
            <Tabs.Tab value="open">Waiting{first ? ` (${figure(waiting(first.open))})` : ''}</Tabs.Tab>
            <Tabs.Tab value="decided">Decided</Tabs.Tab>
          </Tabs.List>
          <Select
            aria-label="Type of the drafts"
            placeholder="Every type"
            data={Object.entries(typeWords).map(([value, { many }]) => ({ value, label: many }))}
            value={type ?? null}
            onChange={(value) => go({ state, type: isType(value) ? value : undefined })}
            clearable
            clearButtonProps={{ 'aria-label': 'Every type' }}
            w={{ base: '100%', xs: 200 }}
          />
        </div>
        <Tabs.Panel value={state} pt="md" className={classes.list} data-waiting={list.isPlaceholderData || undefined}>
          {list.error && !first ? (
            <Problem error={list.error} retry={list.refetch} what="The drafts" />
          ) : first === undefined ? (
            <Loading rows={5} height={64} what="the drafts" />
          ) : rows.length === 0 ? (
            <Nothing state={state} type={type} />
          ) : (
            <>
              {state === 'open' && !first.mayDecide ? (
                <Text size="sm" c="dimmed" mb="sm">
                  Owners, account managers and marketers decide on them; you can read along.
                </Text>
              ) : null}
              <List account={account} rows={rows} state={state} />
              <More of={list} />
            </>
          )}
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

const waiting = (open: DraftsAnswer['open']) => Object.values(open).reduce((sum, count) => sum + count, 0)

function List({ account, rows, state }: { account: Account; rows: readonly DraftRow[]; state: State }) {
  return (
    <Records
      label={state === 'open' ? 'Drafts that wait' : 'Drafts that are decided'}
      rows={rows}
      keyOf={({ id }) => id}
      faded={({ status }) => status === 'archived'}
      columns={[
        {
          title: 'Draft',
          quiet: true,
          cell: ({ id, name, summary }) => (
            <>
              <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'drafts', item: id }} className={classes.name}>
                {short(name, 200)}
              </Link>
              <div className={classes.small}>{summary}</div>
            </>
          ),
        },
        {
          title: 'Type',
          cell: ({ type }) => (
            <Badge size="sm" color="gray">
              {typeWords[type].one}
            </Badge>
          ),
        },
        {
          title: 'Proposed',
          cell: (draft) => (
            <>
              <bdi>{short(proposer(draft), 60)}</bdi>
              <div className={classes.small}>
                <Time at={draft.proposedAt} />
              </div>
            </>
          ),
        },
        state === 'open'
          ? {
              title: 'Expires',
              cell: ({ expiresAt }) => (
                <span className={classes.when}>
                  <Time at={expiresAt} />
                </span>
              ),
            }
          : { title: 'Decision', cell: (draft) => <Decision draft={draft} /> },
      ]}
    />
  )
}

const decisionColors = { approved: 'teal', rejected: 'red', expired: 'gray' } as const

function Decision({ draft: { decision, decidedBy, decidedAt, reason, status } }: { draft: DraftRow }) {
  if (decision === null) return <StatusBadge status={status} />
  return (
    <>
      <Badge size="sm" color={decisionColors[decision]}>
        {decision === 'approved' && status !== 'active' ? `Approved, ${status} now` : decision.charAt(0).toUpperCase() + decision.slice(1)}
      </Badge>
      <div className={classes.small}>
        {decidedBy === null ? null : (
          <>
            <bdi>{short(decidedBy, 40)}</bdi>,{' '}
          </>
        )}
        {decidedAt === null ? null : <Time at={decidedAt} />}
        {reason === null ? null : (
          <>
            : <bdi>{reason}</bdi>
          </>
        )}
      </div>
    </>
  )
}

function Nothing({ state, type }: { state: State; type: DraftType | undefined }) {
  const of = type === undefined ? 'draft' : `draft of a ${typeWords[type].one.toLowerCase()}`
  if (state === 'decided') {
    return (
      <Empty icon={IconInbox} title={`No ${of} has been decided on`}>
        What is approved, rejected or expires is kept here, with who decided and why.
      </Empty>
    )
  }
  return (
    <Empty icon={IconRobot} title={`No ${of} waits`}>
      Ask a connected assistant to prepare something: “Draft a target group of customers in Germany who have not ordered in 90 days.” It calls{' '}
      <code>create_target_group_draft</code>, <code>create_campaign_draft</code>, <code>create_trigger_draft</code> or <code>create_stream_draft</code>, and what it proposes waits
      here for a person.
    </Empty>
  )
}

/** How many wait, beside the page's name. */
function Waiting({ account }: { account: Account }) {
  const { data } = useApi('drafts', 'waiting', { account: account.systemName }, { every: 60_000 })
  if (!data || data.count === 0) return null
  return (
    <span className={classes.count}>
      {figure(data.count)}
      <VisuallyHidden> waiting</VisuallyHidden>
    </span>
  )
}

export default definePage({
  path: 'drafts',
  title: 'Drafts',
  icon: IconInbox,
  order: 5,
  place: 'account',
  group: 'overview',
  needs: readers,
  component: Drafts,
  detail: Draft,
  badge: Waiting,
})
