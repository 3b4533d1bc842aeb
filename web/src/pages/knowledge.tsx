/** Knowledge: what the account's documents and Mercat's own say, found by words, and one of them to read. */
import { SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconBooks, IconSearch } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Page } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { DocumentView } from './knowledge/document.tsx'
import { Documents } from './knowledge/documents.tsx'
import classes from './knowledge/knowledge.module.css'
import { Passages } from './knowledge/passages.tsx'

const sources = [
  { value: 'all', label: 'All' },
  { value: 'account', label: 'Ours' },
  { value: 'mercat', label: 'Mercat’s' },
]

function Knowledge({ account }: { account: Account }) {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const query = typeof search.q === 'string' ? search.q : ''
  const source = search.source === 'account' || search.source === 'mercat' ? search.source : undefined
  const [typed, setTyped] = useState(query)
  const go = (next: { q?: string | undefined; source?: string | undefined }) =>
    void navigate({ to: '.', search: { q: query || undefined, source, ...next } as never, replace: true, resetScroll: false })
  const ask = useDebouncedCallback((words: string) => go({ q: words || undefined }), 250)
  return (
    <Page wide title="Knowledge" description={`What the documents of ${account.name} and Mercat’s own say. Assistants search the same, and cite it.`}>
      <search aria-label="Search the documents" className={classes.search}>
        <TextInput
          aria-label="Words to look for"
          placeholder="open rate, tone of voice, return policy …"
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            ask(currentTarget.value.trim())
          }}
          leftSection={<IconSearch size={16} aria-hidden />}
          type="search"
          maxLength={500}
          className={classes.words}
        />
        {query === '' ? null : (
          <SegmentedControl aria-label="Whose documents" data={sources} value={source ?? 'all'} onChange={(value) => go({ source: value === 'all' ? undefined : value })} />
        )}
      </search>
      {query === '' ? <Documents account={account} /> : <Passages account={account} query={query} source={source} />}
    </Page>
  )
}

export default definePage({ path: 'knowledge', title: 'Knowledge', icon: IconBooks, group: 'insights', order: 20, place: 'account', component: Knowledge, detail: DocumentView })
