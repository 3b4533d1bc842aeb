/** Facts of an entity as a list of terms and what holds for each; what there is none of is left out. */
import { Fragment, type ReactNode } from 'react'
import { Card, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './entities.module.css'
import { EntityLink } from './linked.tsx'
import { Period, Tag } from './table.tsx'
import type { Opened } from './types.ts'

export type Fact = readonly [title: string, value: ReactNode] | false | undefined

export function Facts({ of }: { of: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {of.map((fact) =>
        fact ? (
          <Fragment key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </Fragment>
        ) : null,
      )}
    </dl>
  )
}

/** By whom or what it came here. */
const origins: Readonly<Record<string, string>> = { mcp: 'by an assistant', dashboard: 'in the dashboard', import: 'by an import', observed: 'from events' }

/** What every type has. */
export function CommonFacts({ account, of: { entity, links } }: { account: Account; of: Opened }) {
  const { key, channel, brand, folder, flow, organization, tags, startsAt, endsAt, createdAt, updatedAt, createdBy, origin } = entity
  const partOf = links.find(({ rel }) => rel === 'part of')
  const said = (title: string, text: string | undefined): Fact => text !== undefined && [title, <bdi key={title}>{text}</bdi>]
  return (
    <Card>
      <Facts
        of={[
          said('Key', key),
          said('Channel', channel),
          said('Brand', brand),
          said('Folder', folder),
          partOf ? ['Flow', <EntityLink key="flow" account={account} to={partOf} />] : said('Flow', flow),
          said('Organization', organization),
          tags !== undefined && [
            'Tags',
            <span key="tags" className={classes.tags}>
              {tags.map((tag) => (
                <Tag key={tag} name={tag} />
              ))}
            </span>,
          ],
          (startsAt !== undefined || endsAt !== undefined) && ['Active', <Period key="when" from={startsAt} to={endsAt} />],
          createdAt !== undefined && ['Created', <Time key="created" at={createdAt} />],
          updatedAt !== undefined && ['Changed', <Time key="changed" at={updatedAt} />],
          said('Made', [origins[origin] ?? origin, createdBy && `${origin === 'mcp' ? 'for' : 'by'} ${createdBy}`].filter(Boolean).join(' ')),
        ]}
      />
    </Card>
  )
}
