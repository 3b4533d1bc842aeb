/** What could not be loaded, by reason: sent in again once the cause is gone, or discarded. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Card, Confirm, done, figure, Problem, Records, Section, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './sources.module.css'
import type { SourceDetail } from './types.ts'
import { byReason, rowWords } from './words.ts'

/** One reason, or all of them. */
type Which = { readonly reason?: string; readonly items: number }

export function Aside({ account, source }: { account: Account; source: SourceDetail }) {
  const replay = useChange('sources', 'replay')
  const discard = useChange('sources', 'discard')
  const [asked, setAsked] = useState<Which>()
  const manages = account.scopes.includes('manage:account')
  const rows = byReason(source.reasons)
  if (rows.length === 0) {
    return source.lastReceivedAt === null ? null : (
      <Section title="Set aside">
        <Card>
          <Text size="sm">Nothing is set aside now.</Text>
        </Card>
      </Section>
    )
  }
  const input = ({ reason }: Which) => ({ account: account.systemName, id: source.id, ...(reason === undefined ? {} : { reason }) })
  const again = (which: Which) =>
    replay.mutate(input(which), {
      onSuccess: ({ replayed, left }) => done(`${rowWords(replayed)} sent in again${left > 0 ? `; ${figure(left)} are left: press once more` : ''}`),
    })
  const buttons = (which: Which) => {
    const all = which.reason === undefined
    const named = (words: string) => (all ? {} : { 'aria-label': `${words}: ${which.reason}` })
    return (
      <Group gap="xs" justify="flex-end" wrap="nowrap">
        <Button size="xs" variant="default" loading={replay.isPending && replay.variables.reason === which.reason} onClick={() => again(which)} {...named('Send in again')}>
          {all ? 'Send all in again' : 'Send in again'}
        </Button>
        <Button size="xs" variant="subtle" color="red" onClick={() => setAsked(which)} {...named('Discard')}>
          {all ? 'Discard all' : 'Discard'}
        </Button>
      </Group>
    )
  }
  return (
    <Section
      title="Set aside"
      description="What could not be loaded, and why. It is kept for 14 days."
      actions={manages && rows.length > 1 ? buttons({ items: source.setAside }) : null}
    >
      <Stack gap="sm">
        {replay.error ? <Problem error={replay.error} /> : null}
        <Records
          label="What is set aside, by reason"
          rows={rows}
          keyOf={({ reason }) => reason}
          columns={[
            { title: 'Reason', quiet: true, cell: ({ reason }) => <span className={classes.reason}>{reason}</span> },
            { title: 'Rows', end: true, cell: ({ items }) => figure(items) },
            { title: 'First', cell: ({ first }) => <Time at={first} /> },
            { title: 'Last', cell: ({ last }) => <Time at={last} /> },
            ...(manages ? [{ title: 'Actions', end: true, cell: (row: Which & { reason: string }) => buttons({ reason: row.reason, items: row.items }) }] : []),
          ]}
        />
      </Stack>
      <Confirm
        title={asked ? `Discard ${rowWords(asked.items)}?` : ''}
        action="Discard"
        change={discard}
        input={asked && input(asked)}
        onDone={({ discarded }) => done(`${rowWords(discarded)} discarded`)}
        onClose={() => setAsked(undefined)}
      >
        {asked?.reason === undefined ? 'Everything that is set aside here is deleted.' : `What was set aside because of “${asked.reason}” is deleted.`} It cannot be sent in again,
        and is missing in the figures.
      </Confirm>
    </Section>
  )
}
