/** The audit log: every call of every app, and every change of people and permissions. Reads only. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload, IconFilterOff, IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { downloadUrl, usePages } from '../api.ts'
import { Empty, formErrors, Loading, More, Page, Problem } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import classes from './audit/audit.module.css'
import { EntryDrawer } from './audit/entry.tsx'
import { Filters } from './audit/filters.tsx'
import { EntriesTable } from './audit/table.tsx'
import { filters, useQuestion } from './audit/question.ts'
import type { AuditEntry, AuditQuestion } from './audit/types.ts'

const useLog = (account: string, question: AuditQuestion) => usePages('audit', 'search', { account, ...question }, { keep: true })

function AuditPage({ account }: { account: Account }) {
  const [question, change, clear] = useQuestion()
  const [opened, setOpened] = useState<AuditEntry>()
  const log = useLog(account.systemName, question)
  const first = log.data?.pages[0]
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? []
  const errors = formErrors(log.error, filters)
  return (
    <Page
      wide
      title="Audit log"
      description={
        <>
          Every call of an app and every change of people, permissions and settings in {account.name}. {first && `Entries are kept for ${first.retentionDays} days, then deleted.`}
        </>
      }
      actions={
        <Button
          component="a"
          variant="default"
          href={downloadUrl('audit', 'export', { account: account.systemName, ...question })}
          download
          leftSection={<IconDownload size={17} aria-hidden />}
          title="Newline-delimited JSON, whole entries, with the filters below"
        >
          Export as NDJSON
        </Button>
      }
    >
      <Filters question={question} choices={first} onChange={change} onClear={clear} errorAt={(name) => errors.at(name)} />
      {errors.rest ? (
        <Problem error={errors.rest} retry={log.refetch} what="The audit log" />
      ) : first ? (
        <Entries entries={entries} log={log} narrowed={Object.keys(question).length > 0} retentionDays={first.retentionDays} onOpen={setOpened} onClear={clear} />
      ) : log.isPending ? (
        <Loading rows={8} height={48} what="the audit log" />
      ) : null}
      <EntryDrawer
        account={account}
        entry={opened}
        onClose={() => setOpened(undefined)}
        onFilter={(narrower) => {
          setOpened(undefined)
          change(narrower)
        }}
      />
    </Page>
  )
}

interface EntriesProps {
  readonly entries: readonly AuditEntry[]
  readonly log: ReturnType<typeof useLog>
  readonly narrowed: boolean
  readonly retentionDays: number
  readonly onOpen: (entry: AuditEntry) => void
  readonly onClear: () => void
}

function Entries({ entries, log, narrowed, retentionDays, onOpen, onClear }: EntriesProps) {
  if (entries.length > 0) {
    return (
      <Stack gap="md" className={classes.log} data-waiting={log.isPlaceholderData || undefined}>
        <EntriesTable entries={entries} onOpen={onOpen} />
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="dimmed" role="status">
            {entries.length === 1 ? '1 entry' : `${entries.length} entries`}
            {log.hasNextPage ? ', and there are older ones' : ': all there are'}
          </Text>
          <More of={log} />
        </Group>
      </Stack>
    )
  }
  if (narrowed) {
    return (
      <Empty
        icon={IconFilterOff}
        title="No entry matches these filters"
        action={
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        }
      >
        Entries older than {retentionDays} days are deleted.
      </Empty>
    )
  }
  return (
    <Empty icon={IconHistory} title="Nothing has happened yet">
      Calls of connected apps appear here as they are made, and so do changes of members and settings.
    </Empty>
  )
}
export default definePage({ path: 'audit', title: 'Audit log', icon: IconHistory, group: 'account', order: 30, place: 'account', needs: 'read:audit', component: AuditPage })
