/** Organizations: the clients of the account that the person sees, and how far each is. One of them has a page of its own. */
import { Button, Progress, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBuildingCommunity, IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { usePages } from '../api.ts'
import { Day, Empty, figure, Loading, More, None, Page, Problem, Records, Section } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { ofTheList, Organization } from './organizations/organization.tsx'
import classes from './organizations/organizations.module.css'
import type { OrganizationRow } from './organizations/types.ts'

/** From this many on, a search helps. */
const many = 7

function Organizations({ account }: { account: Account }) {
  const [wanted, setWanted] = useState('')
  const [asked] = useDebouncedValue(wanted.trim(), 250)
  const list = usePages('organizations', 'list', { account: account.systemName, ...(asked ? { nameContains: asked } : {}) }, { keep: true })
  const first = list.data?.pages[0]
  const rows = list.data?.pages.flatMap((page) => page.organizations) ?? []
  return (
    <Page wide title="Organizations" description={`The clients of ${account.name} that you see: what each has, and how far its onboarding is.`}>
      {list.error && !first ? (
        <Problem error={list.error} retry={list.refetch} what="The organizations" />
      ) : first && first.coverage.of === 0 && !asked ? (
        <Nothing wanted={asked} onAll={() => setWanted('')} />
      ) : first ? (
        <Section
          title={asked ? `${figure(first.coverage.of)} found` : `${figure(first.coverage.of)} ${first.coverage.of === 1 ? 'organization' : 'organizations'}`}
          actions={
            (wanted || first.coverage.of >= many) && (
              <TextInput
                value={wanted}
                onChange={({ currentTarget }) => setWanted(currentTarget.value)}
                leftSection={<IconSearch size={16} aria-hidden />}
                placeholder="Name"
                aria-label="Find an organization"
                type="search"
                maxLength={200}
                w={{ base: '100%', xs: 260 }}
              />
            )
          }
        >
          {rows.length > 0 ? <Table account={account} rows={rows} /> : <Nothing wanted={asked} onAll={() => setWanted('')} />}
          <More of={list} />
        </Section>
      ) : (
        <Loading rows={5} height={64} what="the organizations" />
      )}
    </Page>
  )
}

function Nothing({ wanted, onAll }: { wanted: string; onAll: () => void }) {
  if (wanted) {
    return (
      <Empty
        icon={IconSearch}
        title="No organization matches"
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
    <Empty icon={IconBuildingCommunity} title="There is no organization yet">
      Ask a connected assistant to make one, with the tool <code>create_organization</code>, or let Mercat take them from your platform’s files: <code>mercat import</code>. Then
      its campaigns, webapps and invoices appear here.
    </Empty>
  )
}

function Table({ account, rows }: { account: Account; rows: readonly OrganizationRow[] }) {
  return (
    <Records
      label="Organizations"
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Organization',
          quiet: true,
          cell: ({ id, key, name }) => (
            <>
              <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'organizations', item: id }} className={classes.name}>
                {name}
              </Link>
              <div className={classes.small}>{key}</div>
            </>
          ),
        },
        { title: 'Currency', cell: ({ currency }) => currency },
        { title: 'Country', cell: ({ country }) => country ?? <None /> },
        {
          title: 'Campaigns',
          end: true,
          cell: ({ campaigns, activeCampaigns }) => (campaigns === 0 ? '0' : `${figure(activeCampaigns)} active of ${figure(campaigns)}`),
        },
        { title: 'Webapps', end: true, cell: ({ webapps }) => figure(webapps) },
        { title: 'Onboarding', cell: (row) => <Done of={row.onboarding} name={row.name} /> },
        { title: 'Since', cell: ({ since }) => (since ? <Day at={since} /> : <None />) },
      ]}
    />
  )
}

/** @param of "3 of 4", as the service says it */
function Done({ of, name }: { of: string; name: string }) {
  const [done = 0, all = 4] = of.split(' of ').map(Number)
  return (
    <div className={classes.progress}>
      <span>{of}</span>
      <Progress value={(100 * done) / all} size="sm" color={done === all ? 'teal' : 'mercat'} aria-label={`Onboarding of ${name}: ${of} steps done`} />
    </div>
  )
}

export default definePage({
  path: 'organizations',
  title: 'Organizations',
  icon: IconBuildingCommunity,
  group: 'account',
  order: 10,
  place: 'account',
  needs: ofTheList,
  component: Organizations,
  detail: Organization,
})
