/** The sections that say most about what was asked, with the words that were found. */
import { Button, Text } from '@mantine/core'
import { IconSearchOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { usePages } from '../../api.ts'
import { Card, Empty, figure, Loading, More, Problem, Section } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'
import { highlighted } from './highlight.ts'
import classes from './knowledge.module.css'
import { SourceBadge } from './source-badge.tsx'

type Passage = Output<'knowledge', 'search'>['passages'][number]

export function Passages({ account, query, source }: { account: Account; query: string; source: 'account' | 'mercat' | undefined }) {
  const list = usePages('knowledge', 'search', { account: account.systemName, query, ...(source ? { source } : {}) }, { keep: true })
  const first = list.data?.pages[0]
  const passages = list.data?.pages.flatMap((page) => page.passages) ?? []
  if (list.error) return <Problem error={list.error} retry={list.refetch} what="What was found" />
  if (!first) return <Loading rows={4} height={110} what="what was found" />
  if (passages.length === 0) return <Nothing account={account} near={first.nearest} />
  const { of } = first.coverage
  return (
    <Section title={`${figure(of)} ${of === 1 ? 'section' : 'sections'} found`} description="The best come first.">
      <ul className={classes.passages} data-waiting={list.isPlaceholderData || undefined}>
        {passages.map((passage) => (
          <li key={passage.id}>
            <Found account={account} passage={passage} query={query} />
          </li>
        ))}
      </ul>
      <More of={list} />
    </Section>
  )
}

function Found({ account, passage: { id, title, section, source, link, snippet }, query }: { account: Account; passage: Passage; query: string }) {
  return (
    <Card>
      <div className={classes.from}>
        <SourceBadge source={source} />
        <bdi className={classes.path}>{link}</bdi>
      </div>
      <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'knowledge', item: id }} className={classes.title}>
        {section || title}
      </Link>
      <Text size="sm" mt={4} className={classes.snippet} component="p">
        {highlighted(snippet, query).map(({ text, found }, index) => (found ? <mark key={String(index)}>{text}</mark> : <span key={String(index)}>{text}</span>))}
      </Text>
    </Card>
  )
}

function Nothing({ account, near }: { account: Account; near: readonly string[] }) {
  return (
    <Empty
      icon={IconSearchOff}
      title="No document speaks of it"
      action={
        <Button component={Link} to={`/a/${account.systemName}/knowledge`} variant="default">
          All documents
        </Button>
      }
    >
      {near.length > 0 ? (
        <>
          Headings like it: <bdi>{near.join(', ')}</bdi>.
        </>
      ) : (
        'Try other words, or fewer.'
      )}
    </Empty>
  )
}
