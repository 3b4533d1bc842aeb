/** The list of one type of entity: filters, what matches, and what to do where there is nothing. */
import { Button } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import { useApi, usePages } from '../../api.ts'
import { Empty, figure, formErrors, Loading, More, Page, Problem, Section } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './entities.module.css'
import { Filters } from './filters.tsx'
import type { ListKind } from './kind.ts'
import { argumentOf, asked, useQuestion } from './question.ts'
import { EntitiesTable } from './table.tsx'

const filterNames = ['statuses', 'channels', 'brands', 'folders', 'tags']

export function EntityList({ account, kind }: { account: Account; kind: ListKind }) {
  const [question, change, clear] = useQuestion()
  const list = usePages('entities', 'list', asked(account.systemName, kind.type, question), { keep: true })
  const choices = useApi('entities', 'choices', { account: account.systemName, type: kind.type })
  const first = list.data?.pages[0]
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? []
  const errors = formErrors(list.error, filterNames)
  const narrowed = Object.keys(question).some((name) => name !== 'sort')
  const count = first?.coverage.of ?? 0
  return (
    <Page wide title={kind.title} description={kind.description}>
      {narrowed || count > 0 || list.error ? (
        <Filters kind={kind} question={question} choices={choices.data} onChange={change} onClear={clear} errorAt={(name) => errors.at(argumentOf(name))} />
      ) : null}
      {errors.rest ? (
        <Problem error={errors.rest} retry={list.refetch} what={`The ${kind.many}`} />
      ) : first && !list.error ? (
        rows.length > 0 ? (
          <Section title={narrowed ? `${figure(count)} found` : `${figure(count)} ${count === 1 ? kind.one : kind.many}`}>
            <div className={classes.rows} data-waiting={list.isPlaceholderData || undefined}>
              <EntitiesTable account={account} kind={kind} rows={rows} />
            </div>
            <More of={list} />
          </Section>
        ) : (
          <Nothing kind={kind} narrowed={narrowed} onClear={clear} />
        )
      ) : list.error ? null : (
        <Loading rows={6} height={56} what={`the ${kind.many}`} />
      )}
    </Page>
  )
}

function Nothing({ kind: { one, many, icon, whenNone }, narrowed, onClear }: { kind: ListKind; narrowed: boolean; onClear: () => void }) {
  if (!narrowed) {
    return (
      <Empty icon={icon} title={`There is no ${one} yet`}>
        {whenNone}
      </Empty>
    )
  }
  return (
    <Empty
      icon={IconFilterOff}
      title={`No ${one} matches`}
      action={
        <Button variant="default" onClick={onClear}>
          Show all {many}
        </Button>
      }
    >
      Widen a filter, or search for a shorter part of the name.
    </Empty>
  )
}
