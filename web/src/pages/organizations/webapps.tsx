/** The webapps of an organization: languages, tags and campaigns of each, and of a chosen one the look and the funnel. */
import { Select, Text } from '@mantine/core'
import { IconDeviceMobile } from '@tabler/icons-react'
import { useState } from 'react'
import { useApi, usePages } from '../../api.ts'
import { Empty, figure, More, None, Records, Section, StatusBadge } from '../../kit/index.ts'
import { Funnel } from './funnel.tsx'
import classes from './organizations.module.css'
import { Named } from './named.tsx'
import { PartOf } from './part.tsx'
import { Preview } from './preview.tsx'
import type { PartProps, Webapp } from './types.ts'

export function Webapps({ account, organizationId }: PartProps) {
  const list = usePages('organizations', 'webapps', { account: account.systemName, organizationId })
  const webapps = list.data?.pages.flatMap((page) => page.webapps) ?? []
  return (
    <Section id="webapps" title="Webapps" description="The pages that visitors of its campaigns use.">
      <PartOf of={{ ...list, data: list.data?.pages[0] }} what="the webapps" height={480}>
        {({ coverage }) =>
          coverage.of === 0 ? (
            <Empty icon={IconDeviceMobile} title="It has no webapp yet">
              A campaign that is made with <code>create_campaign</code> and a webapp brings one along.
            </Empty>
          ) : (
            <div className={classes.stack}>
              <div>
                <Table webapps={webapps} />
                <More of={list} />
              </div>
              <Chosen account={account} organizationId={organizationId} webapps={webapps} />
            </div>
          )
        }
      </PartOf>
    </Section>
  )
}

function Table({ webapps }: { webapps: readonly Webapp[] }) {
  return (
    <Records
      label="Webapps"
      rows={webapps}
      keyOf={({ id }) => id}
      faded={({ status }) => status === 'archived'}
      columns={[
        {
          title: 'Webapp',
          quiet: true,
          cell: ({ name, key }) => <Named name={name} detail={key} />,
        },
        { title: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
        { title: 'Languages', cell: ({ languages }) => (languages.length > 0 ? languages.join(', ') : <None />) },
        { title: 'Branding', cell: ({ branding }) => (branding ? <bdi>{branding.name ?? branding.key}</bdi> : <None />) },
        { title: 'Content', cell: ({ content }) => (content ? <bdi>{content.name ?? content.key}</bdi> : <None />) },
        { title: 'Tags', cell: (webapp) => <Tags webapp={webapp} /> },
        { title: 'Campaigns', end: true, cell: ({ campaigns }) => figure(campaigns) },
      ]}
    />
  )
}

function Tags({ webapp: { gtmId, googleAnalyticsPropertyId, privacyUrl } }: { webapp: Webapp }) {
  if (gtmId === undefined && googleAnalyticsPropertyId === undefined && privacyUrl === undefined) return <None />
  return (
    <Text size="sm" component="div">
      {gtmId === undefined ? null : <div>{gtmId}</div>}
      {googleAnalyticsPropertyId === undefined ? null : <div>GA {googleAnalyticsPropertyId}</div>}
      {privacyUrl === undefined ? null : (
        <a href={privacyUrl} target="_blank" rel="noreferrer noopener">
          Privacy page
        </a>
      )}
    </Text>
  )
}

function Chosen({ account, organizationId, webapps }: PartProps & { webapps: readonly Webapp[] }) {
  const [chosen, setChosen] = useState<string>()
  const webapp = webapps.find(({ id }) => id === chosen) ?? webapps[0]
  const asked = { account: account.systemName, organizationId, limit: 100 }
  const branding = useApi('organizations', 'branding', asked)
  const content = useApi('organizations', 'content', asked)
  if (!webapp) return null
  return (
    <>
      {webapps.length > 1 ? (
        <Select
          label="Look and funnel of"
          data={webapps.map(({ id, name }) => ({ value: id, label: name }))}
          value={webapp.id}
          onChange={(value) => value && setChosen(value)}
          allowDeselect={false}
          searchable={webapps.length > 7}
          w={{ base: '100%', xs: 300 }}
        />
      ) : null}
      <div className={classes.pair}>
        <PartOf of={branding.data ? content : { ...branding, data: undefined }} what="the look" height={360}>
          {(contents) => (
            <Preview
              key={webapp.id}
              webapp={webapp}
              branding={branding.data?.rows.find(({ key }) => key === webapp.branding?.key)}
              content={contents.rows.find(({ key }) => key === webapp.content?.key)}
            />
          )}
        </PartOf>
        <Funnel key={webapp.id} account={account} webappId={webapp.id} />
      </div>
    </>
  )
}
