/** Entities of one type as a table. */
import { Badge } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Day, None, Records, StatusBadge, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './entities.module.css'
import type { Column, ListKind } from './kind.ts'
import type { EntityRow } from './types.ts'
import { shortName, shown } from './words.ts'

const columns: Readonly<Record<Column, { readonly title: string; readonly cell: (row: EntityRow) => React.ReactNode }>> = {
  channel: { title: 'Channel', cell: ({ channel }) => channel ?? <None /> },
  brand: { title: 'Brand', cell: ({ brand }) => <Said text={brand} /> },
  folder: { title: 'Folder', cell: ({ folder }) => <Said text={folder} /> },
  flow: { title: 'Flow', cell: ({ flow }) => <Said text={flow} /> },
  tags: { title: 'Tags', cell: ({ tags }) => <Tags of={tags} /> },
  when: { title: 'When', cell: ({ startsAt, endsAt }) => <Period from={startsAt} to={endsAt} /> },
}

export function EntitiesTable({ account, kind, rows }: { account: Account; kind: ListKind; rows: readonly EntityRow[] }) {
  return (
    <Records
      label={kind.title}
      rows={rows}
      keyOf={({ id }) => id}
      faded={({ status }) => status === 'archived'}
      columns={[
        {
          title: kind.one.charAt(0).toUpperCase() + kind.one.slice(1),
          quiet: true,
          cell: ({ id, name, summary }) => (
            <div className={classes.named}>
              <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: kind.path, item: id }} className={classes.name}>
                {shortName(name)}
              </Link>
              {summary === '' ? null : <div className={classes.small}>{shown(summary)}</div>}
            </div>
          ),
        },
        { title: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
        ...kind.columns.map((name) => columns[name]),
        { title: 'Changed', cell: ({ updatedAt }) => (updatedAt === undefined ? <None /> : <Time at={updatedAt} />) },
      ]}
    />
  )
}

function Said({ text }: { text: string | undefined }) {
  return text === undefined ? <None /> : <bdi className={classes.said}>{text}</bdi>
}

/** As many as tell what it is about; the page of the entity has all. */
const mostTags = 3

function Tags({ of }: { of: readonly string[] | undefined }) {
  if (!of?.length) return <None />
  return (
    <span className={classes.tags}>
      {of.slice(0, mostTags).map((tag) => (
        <Tag key={tag} name={tag} />
      ))}
      {of.length > mostTags ? <span className={classes.small}>+{of.length - mostTags}</span> : null}
    </span>
  )
}

export function Tag({ name }: { name: string }) {
  return (
    <Badge size="sm" color="gray" component="span" maw="100%">
      <bdi>{name}</bdi>
    </Badge>
  )
}

export function Period({ from, to }: { from: string | undefined; to: string | undefined }) {
  if (from === undefined && to === undefined) return <None />
  if (from === undefined)
    return to === undefined ? null : (
      <>
        until <Day at={to} />
      </>
    )
  if (to === undefined)
    return (
      <>
        from <Day at={from} />
      </>
    )
  return (
    <>
      <Day at={from} /> – <Day at={to} />
    </>
  )
}
