/** Entries of the audit log as a table. */
import { Text, UnstyledButton } from '@mantine/core'
import { figure, None, Records, Time } from '../../kit/index.ts'
import classes from './audit.module.css'
import { EffectBadge, OutcomeBadge } from './entry.tsx'
import type { AuditEntry } from './types.ts'
import { nobody } from './words.ts'

export function EntriesTable({ entries, onOpen }: { entries: readonly AuditEntry[]; onOpen: (entry: AuditEntry) => void }) {
  return (
    <Records
      label="Entries of the audit log"
      rows={entries}
      keyOf={({ id }) => String(id)}
      columns={[
        {
          title: 'What',
          quiet: true,
          cell: (entry) => (
            <UnstyledButton className={classes.what} onClick={() => onOpen(entry)} aria-haspopup="dialog">
              {entry.title}
              <Text component="span" size="xs" c="dimmed" className={classes.name}>
                {entry.tool}
              </Text>
            </UnstyledButton>
          ),
        },
        {
          title: 'Time',
          cell: ({ at }) => (
            <span className={classes.time}>
              <Time at={at} show="seconds" />
            </span>
          ),
        },
        { title: 'Person', cell: ({ person }) => person?.name ?? nobody },
        { title: 'App', cell: ({ app }) => app?.name ?? <None /> },
        { title: 'Effect', cell: ({ effect }) => <EffectBadge effect={effect} /> },
        { title: 'Outcome', cell: ({ outcome }) => <OutcomeBadge outcome={outcome} /> },
        { title: 'ms', end: true, cell: ({ ms, effect }) => (effect === 'access' ? <None /> : figure(ms)) },
        { title: 'Rows', end: true, cell: ({ rows }) => (rows === null ? <None /> : figure(rows)) },
        { title: 'Tokens', end: true, cell: ({ tokens }) => (tokens === null ? <None /> : figure(tokens)) },
      ]}
    />
  )
}
