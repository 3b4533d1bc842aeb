/** The campaigns of an organization: what they offer, where and when, and what they brought in the last 90 days. */
import { Button, Text } from '@mantine/core'
import { IconSpeakerphone } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useApi, usePages } from '../../api.ts'
import { amounts, Day, Empty, figure, More, None, Records, Section, StatusBadge } from '../../kit/index.ts'
import { DailyOrders } from './daily-orders.tsx'
import { FiguresOf, Shares, Totals } from './figures.tsx'
import { OptIns } from './opt-ins.tsx'
import classes from './organizations.module.css'
import { Named } from './named.tsx'
import { PartOf } from './part.tsx'
import type { Account } from '../../server.ts'
import type { Campaign, PartProps, Performance } from './types.ts'

/** The most that a page of figures holds; they come with most orders first. */
const mostFigures = 200

export function Campaigns({ account, organizationId }: PartProps) {
  const asked = { account: account.systemName, organizationId }
  const list = usePages('organizations', 'campaigns', asked)
  const figures = useApi('organizations', 'performance', { ...asked, limit: mostFigures })
  const campaigns = list.data?.pages.flatMap((page) => page.campaigns) ?? []
  return (
    <Section id="campaigns" title="Campaigns" description="What each offers, where and when. Figures are of the last 90 days, by the day of the order.">
      <PartOf of={{ ...list, data: list.data?.pages[0] }} what="the campaigns" height={480}>
        {({ coverage }) =>
          coverage.of === 0 ? (
            <Empty icon={IconSpeakerphone} title="It has no campaign yet">
              Ask a connected assistant to prepare one, with the tool <code>create_campaign</code>. It comes as a draft, which a person approves.
            </Empty>
          ) : (
            <div className={classes.stack}>
              <PartOf of={figures} what="the figures" height={84}>
                {(data) => <Totals figures={data} />}
              </PartOf>
              <div>
                <Table account={account} campaigns={campaigns} figures={figures.data} />
                <More of={list} />
              </div>
              {figures.data ? (
                <>
                  <DailyOrders account={account} figures={figures.data} />
                  <OptIns account={account} organizationId={organizationId} />
                  <Shares figures={figures.data} />
                  <FiguresOf figures={figures.data} />
                </>
              ) : null}
            </div>
          )
        }
      </PartOf>
    </Section>
  )
}

function Table({ account, campaigns, figures }: { account: Account; campaigns: readonly Campaign[]; figures: Performance | undefined }) {
  const byId = new Map(figures?.rows.map((row) => [row.id, row]))
  // What a platform manages is decided on there.
  const mine = ({ status, origin }: Campaign) => status === 'draft' && (origin === 'mcp' || origin === 'dashboard') && account.scopes.includes('approve:drafts')
  return (
    <Records
      label="Campaigns"
      rows={campaigns}
      keyOf={({ id }) => id}
      faded={({ status }) => status === 'archived'}
      columns={[
        {
          title: 'Campaign',
          quiet: true,
          cell: ({ name, key, channel }) => <Named name={name} detail={[channel, key === name ? undefined : key].filter(Boolean).join(' · ')} />,
        },
        {
          title: 'Status',
          cell: (campaign) => (
            <>
              <StatusBadge status={campaign.status} />
              {mine(campaign) ? (
                <Button component={Link} to={`/a/${account.systemName}/drafts/${campaign.id}`} size="compact-xs" variant="light" mt={6} aria-label={`Review ${campaign.name}`}>
                  Review
                </Button>
              ) : null}
            </>
          ),
        },
        { title: 'Where and when', cell: (campaign) => <WhereAndWhen campaign={campaign} /> },
        { title: 'Offers', cell: (campaign) => <Offers campaign={campaign} /> },
        { title: 'Orders', end: true, cell: ({ id }) => figure(byId.get(id)?.orders ?? null) },
        { title: 'Revenue', end: true, cell: ({ id }) => <Revenue of={byId.get(id)?.revenue ?? []} /> },
      ]}
    />
  )
}

function WhereAndWhen({ campaign: { countries, startDate, endDate } }: { campaign: Campaign }) {
  return (
    <Text size="sm" component="div">
      {countries.length > 0 ? countries.join(' ') : 'Every country'}
      {startDate === undefined && endDate === undefined ? null : (
        <div className={classes.small}>
          {startDate === undefined ? 'Until ' : <Day at={startDate} />}
          {startDate === undefined ? null : endDate === undefined ? ', no end' : ' – '}
          {endDate === undefined ? null : <Day at={endDate} />}
        </div>
      )}
    </Text>
  )
}

function Offers({ campaign: { webapp, products, optIns, formFields } }: { campaign: Campaign }) {
  const lines = [
    webapp && `Webapp ${webapp.name ?? webapp.key}`,
    products.length > 0 && `Products ${products.join(', ')}`,
    optIns.length > 0 && `Opt-ins ${optIns.join(', ')}`,
    formFields > 0 && `${formFields} form ${formFields === 1 ? 'field' : 'fields'}`,
  ].filter((line) => typeof line === 'string')
  if (lines.length === 0) return <None />
  return (
    <ul className={classes.lines}>
      {lines.map((line) => (
        <li key={line}>
          <bdi>{line}</bdi>
        </li>
      ))}
    </ul>
  )
}

/** One line a currency: they are never added. */
function Revenue({ of }: { of: Performance['total']['revenue'] }) {
  if (of.length === 0) return <None />
  return of.map((one) => <div key={one.currency}>{amounts([one])}</div>)
}
