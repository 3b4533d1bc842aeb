/** The theme sets of an organization: their templates, and the products and campaigns they are linked to. Images are links, not shown: the page loads nothing from other hosts. */
import { Text } from '@mantine/core'
import { IconPalette } from '@tabler/icons-react'
import { usePages } from '../../api.ts'
import { Empty, figure, More, None, Records, Section, StatusBadge } from '../../kit/index.ts'
import classes from './organizations.module.css'
import { Named } from './named.tsx'
import { PartOf } from './part.tsx'
import type { PartProps, ThemeSet } from './types.ts'

export function Artwork({ account, organizationId }: PartProps) {
  const list = usePages('organizations', 'themeSets', { account: account.systemName, organizationId })
  const sets = list.data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <Section id="artwork" title="Artwork" description="Theme sets: the templates that products of campaigns are made with.">
      <PartOf of={{ ...list, data: list.data?.pages[0] }} what="the artwork">
        {({ coverage }) =>
          coverage.of === 0 ? (
            <Empty icon={IconPalette} title="It has no theme set yet">
              Theme sets come from your platform’s files: <code>mercat import</code>.
            </Empty>
          ) : (
            <>
              <Table sets={sets} />
              <More of={list} />
            </>
          )
        }
      </PartOf>
    </Section>
  )
}

function Table({ sets }: { sets: readonly ThemeSet[] }) {
  return (
    <Records
      label="Theme sets"
      rows={sets}
      keyOf={({ id }) => id}
      faded={({ status }) => status === 'archived'}
      columns={[
        {
          title: 'Theme set',
          quiet: true,
          cell: ({ name, key }) => <Named name={name} detail={key} />,
        },
        { title: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
        { title: 'Templates', cell: (set) => <Templates set={set} /> },
        { title: 'Images', cell: (set) => <Images set={set} /> },
        { title: 'Products', cell: ({ products }) => <Names of={products} /> },
        {
          title: 'Campaigns',
          cell: ({ campaigns, more }) => (
            <>
              <Names of={campaigns} />
              {more > 0 ? <div className={classes.small}>{figure(more)} more links of products or campaigns</div> : null}
            </>
          ),
        },
      ]}
    />
  )
}

function Templates({ set: { templates, templateNames } }: { set: ThemeSet }) {
  if (templates === 0) return <None />
  const more = templates - templateNames.length
  return (
    <Text size="sm" component="div">
      {figure(templates)}: <bdi>{templateNames.join(', ')}</bdi>
      {more > 0 ? ` and ${figure(more)} more` : ''}
    </Text>
  )
}

/** Links that are shown; a set may have hundreds. */
const mostLinks = 5

function Images({ set: { name, images } }: { set: ThemeSet }) {
  if (images.length === 0) return <None />
  return (
    <Text size="sm" component="div">
      {images.slice(0, mostLinks).map((url, index) => (
        <span key={url}>
          {index > 0 ? ', ' : ''}
          <a href={url} target="_blank" rel="noreferrer noopener" aria-label={`Image ${index + 1} of ${name}`}>
            {index + 1}
          </a>
        </span>
      ))}
      {images.length > mostLinks ? ', …' : ''}
    </Text>
  )
}

function Names({ of }: { of: ThemeSet['products'] }) {
  if (of.length === 0) return <None />
  return (
    <ul className={classes.lines}>
      {of.map(({ key, name }) => (
        <li key={key}>
          <bdi>{name ?? key}</bdi>
        </li>
      ))}
    </ul>
  )
}
