/** One document, or one section of it, to read. */
import { Button, Text } from '@mantine/core'
import { IconFileOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { usePages } from '../../api.ts'
import { BackLink, Card, Empty, Loading, More, Page, Problem } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './knowledge.module.css'
import { SourceBadge } from './source-badge.tsx'

// What reads Markdown comes only when there is some to read.
const Markdown = lazy(() => import('./markdown.tsx'))

/** @param item what search gives: a document's id, with `#` and a section or without */
export function DocumentView({ account, item }: { account: Account; item: string }) {
  const list = usePages('knowledge', 'get', { account: account.systemName, id: item })
  const first = list.data?.pages[0]
  const back = (
    <BackLink account={account} path="knowledge">
      Knowledge
    </BackLink>
  )
  const whole = (
    <Button component={Link} to={`/a/${account.systemName}/knowledge`} variant="default">
      All documents
    </Button>
  )
  if (!first) {
    const missing = list.error?.code === 'not_found' || list.error?.code === 'invalid_arguments'
    return (
      <Page title={missing ? 'No such document' : 'Document'} back={back}>
        {missing ? (
          <Empty icon={IconFileOff} title="This document does not exist, or was removed" action={whole}>
            Check the address, or search for what it said.
          </Empty>
        ) : list.error ? (
          <Problem error={list.error} retry={list.refetch} what="The document" />
        ) : (
          <Loading rows={6} height={56} what="the document" />
        )}
      </Page>
    )
  }
  const { id, title, section, source, link } = first
  const [documentId = ''] = id.split('#')
  return (
    <Page
      title={section?.split(' › ').at(-1) ?? title}
      back={back}
      description={
        <div className={classes.from}>
          <SourceBadge source={source} />
          <bdi className={classes.path}>{link}</bdi>
        </div>
      }
      actions={
        section === null ? undefined : (
          <Button
            size="xs"
            variant="default"
            renderRoot={(rest) => <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'knowledge', item: documentId }} {...rest} />}
          >
            Whole document
          </Button>
        )
      }
    >
      <Card>
        {section === null ? null : (
          <Text size="sm" c="dimmed" mb="sm">
            <bdi>{[title, section].filter((part, index) => index === 0 || part !== title).join(' › ')}</bdi>
          </Text>
        )}
        <Suspense fallback={<Loading rows={4} height={48} what="the text" />}>
          <Markdown
            account={account}
            from={{ documentId, source, link }}
            title={section?.split(' › ').at(-1) ?? title}
            text={list.data?.pages.map(({ text }) => text).join('') ?? ''}
          />
        </Suspense>
        <More of={list} />
      </Card>
    </Page>
  )
}
