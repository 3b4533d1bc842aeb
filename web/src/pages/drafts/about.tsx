/** Where a draft comes from, how long it waits, and what else would do the same. */
import { Alert, Code, Text } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Card, Facts, Section, StatusBadge, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './drafts.module.css'
import { Long } from './long.tsx'
import type { Details } from './types.ts'

export function About({ details: { draft, key } }: { details: Details }) {
  const open = draft.decision === null && draft.status === 'draft'
  const facts: [string, ReactNode][] = [
    ['Person', <bdi key="person">{draft.proposedBy ?? 'Somebody who left'}</bdi>],
    ['App', <bdi key="app">{draft.app}</bdi>],
    ...(draft.tool === null ? [] : ([['Tool', <Code key="tool">{draft.tool}</Code>]] as [string, ReactNode][])),
    ['Proposed', <Time key="at" at={draft.proposedAt} />],
    ...(open ? ([['Expires', <Time key="expires" at={draft.expiresAt} />]] as [string, ReactNode][]) : []),
    ['Version', draft.revision],
    ['Key', <bdi key="key">{key}</bdi>],
  ]
  return (
    <Section title="Where it comes from">
      <Card>
        <Facts facts={facts} labelWidth="84px" />
        {draft.description === null ? null : (
          <div className={classes.quote}>
            <Text size="xs" c="dimmed" mb={2}>
              Made from this description
            </Text>
            <Long text={draft.description} />
          </div>
        )}
      </Card>
    </Section>
  )
}

/** Others that would do the same: seldom are two of them meant. */
export function Duplicates({ account, of }: { account: Account; of: Details['duplicates'] }) {
  if (of.length === 0) return null
  return (
    <Alert color="yellow" icon={<IconCopy aria-hidden />} title={of.length === 1 ? 'There is one that does the same' : `There are ${of.length} that do the same`}>
      <ul className={classes.words}>
        {of.map(({ id, name, status }) => (
          <li key={id}>
            <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'drafts', item: id }} className={classes.twin}>
              {name}
            </Link>{' '}
            <StatusBadge status={status} />
          </li>
        ))}
      </ul>
    </Alert>
  )
}
