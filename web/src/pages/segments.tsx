/** Segments and target groups: the rules of the account as lists, and one of them on a page of its own. */
import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconSearch, IconUsersGroup } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { usePages } from '../api.ts'
import { Empty, figure, Loading, More, None, Page, Problem, Records, Section, StatusBadge, Time } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import classes from './segments/segments.module.css'
import { SegmentPage } from './segments/segment.tsx'
import { type RuleRow, type RuleType, typeWords } from './segments/types.ts'

function Segments({ account }: { account: Account }) {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const type: RuleType = search.show === 'target_group' ? 'target_group' : 'segment'
  const [wanted, setWanted] = useState('')
  const [asked] = useDebouncedValue(wanted.trim(), 250)
  const list = usePages('audiences', 'list', { account: account.systemName, type, sort: 'name', direction: 'asc', ...(asked ? { nameContains: asked } : {}) }, { keep: true })
  const first = list.data?.pages[0]
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? []
  const { one, many } = typeWords[type]
  // While the other list comes, what is shown is still of the one before.
  const shown = first?.type === type ? first : undefined
  return (
    <Page
      wide
      title="Segments & target groups"
      description={`Rules over the customers of ${account.name}. A segment describes customers; a target group is what a campaign is sent to.`}
      actions={
        account.scopes.includes('create:segments') && (
          <Button component={Link} to={`/a/${account.systemName}/segments/new`} leftSection={<IconPlus size={17} aria-hidden />}>
            New
          </Button>
        )
      }
    >
      <SegmentedControl
        className={classes.tabs ?? ''}
        data={[
          { value: 'segment', label: 'Segments' },
          { value: 'target_group', label: 'Target groups' },
        ]}
        value={type}
        onChange={(next) => void navigate({ to: '.', search: { show: next === 'segment' ? undefined : next } as never, replace: true, resetScroll: false })}
        aria-label="What is listed"
      />
      {list.error && !shown ? (
        <Problem error={list.error} retry={list.refetch} what={`The ${many}`} />
      ) : shown ? (
        <Section
          title={asked ? `${figure(shown.coverage.of)} found` : `${figure(shown.coverage.of)} ${shown.coverage.of === 1 ? one : many}`}
          actions={
            wanted || shown.coverage.of > 0 ? (
              <TextInput
                value={wanted}
                onChange={({ currentTarget }) => setWanted(currentTarget.value)}
                leftSection={<IconSearch size={16} aria-hidden />}
                placeholder="Name"
                aria-label={`Find a ${one}`}
                type="search"
                maxLength={200}
                w={{ base: '100%', xs: 260 }}
              />
            ) : null
          }
        >
          {rows.length > 0 ? <Table account={account} type={type} rows={rows} /> : <Nothing account={account} type={type} wanted={asked} onAll={() => setWanted('')} />}
          <More of={list} />
        </Section>
      ) : (
        <Loading rows={5} height={56} what={`the ${many}`} />
      )}
    </Page>
  )
}

function Table({ account, type, rows }: { account: Account; type: RuleType; rows: readonly RuleRow[] }) {
  return (
    <Records
      label={type === 'segment' ? 'Segments' : 'Target groups'}
      rows={rows}
      keyOf={({ id }) => id}
      faded={({ status }) => status === 'archived'}
      columns={[
        {
          title: 'Name',
          quiet: true,
          cell: ({ id, key, name }) => (
            <>
              <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'segments', item: id }} className={classes.name}>
                {name}
              </Link>
              {key === name ? null : <div className={classes.small}>{key}</div>}
            </>
          ),
        },
        { title: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
        { title: 'What it is', cell: ({ summary }) => (summary ? <div className={classes.summary}>{summary}</div> : <None />) },
        { title: 'Organization', cell: ({ organization }) => (organization === undefined ? <None /> : <bdi>{organization}</bdi>) },
        { title: 'Changed', cell: ({ updatedAt }) => (updatedAt === undefined ? <None /> : <Time at={updatedAt} />) },
      ]}
    />
  )
}

function Nothing({ account, type, wanted, onAll }: { account: Account; type: RuleType; wanted: string; onAll: () => void }) {
  const { one, many } = typeWords[type]
  if (wanted) {
    return (
      <Empty
        icon={IconSearch}
        title={`No ${one} matches`}
        action={
          <Button variant="default" onClick={onAll}>
            Show all
          </Button>
        }
      >
        None that you see has “<bdi>{wanted}</bdi>” in its name.
      </Empty>
    )
  }
  return (
    <Empty icon={IconUsersGroup} title={`There is no ${one} yet`}>
      {account.scopes.includes('create:segments') ? 'Begin a new one above, or let an assistant prepare it. ' : ''}
      Those of your platform come with its files: <code>mercat import</code>. You see all {many} that your access reaches.
    </Empty>
  )
}

export default definePage({
  path: 'segments',
  title: 'Segments & target groups',
  icon: IconUsersGroup,
  order: 30,
  place: 'account',
  group: 'audiences',
  needs: 'read:segments',
  component: Segments,
  detail: SegmentPage,
})
