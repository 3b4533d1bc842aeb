/** One entry of the audit log, whole: who, what, how it ended, and its parameters and result as they are kept. */
import { Badge, Button, Code, Drawer, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useApi } from '../../api.ts'
import { CopyField, Facts, figure, Loading, Problem, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './audit.module.css'
import type { AuditEntry, AuditQuestion } from './types.ts'
import { effects, nobody, outcomeWords } from './words.ts'

interface EntryProps {
  readonly account: Account
  readonly entry: AuditEntry | undefined
  readonly onClose: () => void
  /** Narrows the log to what this entry shares. */
  readonly onFilter: (change: AuditQuestion) => void
}

export function EntryDrawer({ account, entry, onClose, onFilter }: EntryProps) {
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={entry?.title ?? ''}
      classNames={{ content: classes.drawer, header: classes.drawer, title: classes.title }}
    >
      {entry && <Entry account={account} entry={entry} onFilter={onFilter} />}
    </Drawer>
  )
}

function Entry({ account, entry, onFilter }: Pick<EntryProps, 'account' | 'onFilter'> & { entry: AuditEntry }) {
  const { data, error, refetch } = useApi('audit', 'entry', { account: account.systemName, id: entry.id })
  const { person, app } = entry
  const facts: [string, ReactNode][] = [
    ['When', <Time key="at" at={entry.at} show="seconds" />],
    ['Who', person ? `${person.name} (${person.email})` : nobody],
    ['App', app?.name ?? '–'],
    ['Name', <Code key="tool">{entry.tool}</Code>],
    ['Effect', <EffectBadge key="effect" effect={entry.effect} />],
    ['Outcome', <OutcomeBadge key="outcome" outcome={entry.outcome} />],
    ...(entry.effect === 'access'
      ? []
      : ([
          ['Took', `${figure(entry.ms)} ms`],
          ['Rows', figure(entry.rows)],
          ['Tokens', figure(entry.tokens)],
        ] as [string, ReactNode][])),
  ]
  return (
    <Stack gap="lg">
      <Facts facts={facts} labelWidth="88px" />
      <Group gap="xs">
        {person && (
          <Button size="xs" variant="default" onClick={() => onFilter({ person: person.id })}>
            All of {person.name}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => onFilter({ tool: entry.tool })}>
          All of this kind
        </Button>
      </Group>
      {data ? (
        <>
          <Json title={entry.effect === 'access' ? 'Details' : 'Parameters'} value={data.input} />
          {entry.effect === 'access' ? null : <Json title="Result" value={data.result} />}
        </>
      ) : error ? (
        <Problem error={error} retry={refetch} what="The entry" />
      ) : (
        <Loading rows={2} height={140} what="the entry" />
      )}
    </Stack>
  )
}

/** What was too long to keep whole comes as the beginning of its text. */
function Json({ title, value }: { title: string; value: unknown }) {
  const cut = typeof value === 'object' && value !== null && 'truncated' in value && 'text' in value && typeof value.text === 'string' ? value.text : undefined
  return (
    <section>
      <Text fw={600} size="sm" mb={6} component="h3" m={0}>
        {title}
      </Text>
      {value === null || value === undefined ? (
        <Text size="sm" c="dimmed">
          Nothing is kept.
        </Text>
      ) : (
        <>
          {cut !== undefined && (
            <Text size="sm" c="dimmed" mb={6}>
              Too long to keep whole: this is its beginning.
            </Text>
          )}
          <CopyField block label={title} value={cut ?? JSON.stringify(value, null, 2)} />
        </>
      )}
    </section>
  )
}

export function EffectBadge({ effect }: { effect: AuditEntry['effect'] }) {
  return (
    <Badge size="sm" color={effects[effect].color}>
      {effects[effect].words}
    </Badge>
  )
}

export function OutcomeBadge({ outcome }: { outcome: string }) {
  return (
    <Badge size="sm" color={outcome === 'ok' ? 'teal' : 'red'}>
      {outcomeWords(outcome)}
    </Badge>
  )
}
