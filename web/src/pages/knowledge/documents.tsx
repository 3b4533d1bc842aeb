/** Which documents there are: the account's, then Mercat's own. */
import { Link } from '@tanstack/react-router'
import { usePages } from '../../api.ts'
import { figure, Loading, More, Problem, Records, Section, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './knowledge.module.css'
import { SourceBadge } from './source-badge.tsx'

export function Documents({ account }: { account: Account }) {
  const list = usePages('knowledge', 'list', { account: account.systemName })
  const first = list.data?.pages[0]
  const documents = list.data?.pages.flatMap((page) => page.documents) ?? []
  if (!first) return list.error ? <Problem error={list.error} retry={list.refetch} what="The documents" /> : <Loading rows={6} height={52} what="the documents" />
  const own = documents.some(({ source }) => source === 'account')
  return (
    <Section
      title={`${figure(first.coverage.of)} documents`}
      description={
        own ? undefined : (
          <>
            {account.name} has none of its own yet: whoever runs Mercat adds a folder of Markdown or HTML with <code>mercat docs add</code>.
          </>
        )
      }
    >
      <Records
        label="Documents"
        rows={documents}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Document',
            quiet: true,
            cell: ({ id, title }) => (
              <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'knowledge', item: id }} className={classes.title}>
                {title}
              </Link>
            ),
          },
          { title: 'Whose', cell: ({ source }) => <SourceBadge source={source} /> },
          { title: 'Path', cell: ({ link }) => <bdi className={classes.path}>{link}</bdi> },
          { title: 'Updated', cell: ({ updatedAt }) => (updatedAt === null ? 'With Mercat' : <Time at={updatedAt} />) },
        ]}
      />
      <More of={list} />
    </Section>
  )
}
