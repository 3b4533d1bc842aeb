/** What a list of entities is narrowed to, and its order. Holds nothing but a name that is being typed: the address does. */
import { Button, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { statusWord } from '../../kit/index.ts'
import classes from './entities.module.css'
import type { ListKind } from './kind.ts'
import { type Change, type Question, sorts } from './question.ts'
import type { Choices } from './types.ts'

interface FiltersProps {
  readonly kind: Pick<ListKind, 'many' | 'filters'>
  readonly question: Question
  /** undefined until they are known. */
  readonly choices: Choices | undefined
  readonly onChange: (change: Change) => void
  readonly onClear: () => void
  /** The message of the server for a filter. */
  readonly errorAt: (name: keyof Question) => string | undefined
}

type Choice = { readonly value: string; readonly label: string }
const same = (value: string): Choice => ({ value, label: value })
const named = ({ id, name }: { id: string; name: string }): Choice => ({ value: id, label: name })

export function Filters({ kind, question, choices, onChange, onClear, errorAt }: FiltersProps) {
  const offered = {
    status: choices?.statuses.map((status) => ({ value: status, label: statusWord(status) })),
    channel: choices?.channels.map(same),
    brand: choices?.brands.map(named),
    folder: choices?.folders.map(named),
    tag: choices?.tags.map(same),
  }
  const one = (name: keyof typeof offered, label: string, all: string) => {
    const data = withAsked(offered[name] ?? [], question[name])
    // What can be chosen one way only is no choice.
    if (data.length < 2 && question[name] === undefined) return null
    return (
      <Select
        key={name}
        label={label}
        placeholder={all}
        data={data}
        value={question[name] ?? null}
        onChange={(value) => onChange({ [name]: value ?? undefined })}
        searchable={data.length > 7}
        clearable
        clearButtonProps={{ 'aria-label': all }}
        nothingFoundMessage="Nothing of this name"
        error={errorAt(name)}
      />
    )
  }
  const filters = {
    channel: () => one('channel', 'Channel', 'Every channel'),
    brand: () => one('brand', 'Brand', 'Every brand'),
    folder: () => one('folder', 'Folder', 'Every folder'),
    tag: () => one('tag', 'Tag', 'Every tag'),
  }
  return (
    <search aria-label={`Filters of the ${kind.many}`} className={classes.filters}>
      <Name value={question.name ?? ''} onChange={(name) => onChange({ name: name || undefined })} />
      {one('status', 'Status', 'Every status')}
      {kind.filters.map((name) => filters[name]())}
      <Select
        label="Order"
        data={sorts.map(({ value, label }) => ({ value, label }))}
        value={sorts.find(({ value }) => value === question.sort)?.value ?? sorts[0].value}
        onChange={(sort) => onChange({ sort: sort === null || sort === sorts[0].value ? undefined : sort })}
        allowDeselect={false}
      />
      {Object.keys(question).some((name) => name !== 'sort') ? (
        <Group align="flex-end">
          <Button variant="default" onClick={onClear}>
            Clear filters
          </Button>
        </Group>
      ) : null}
    </search>
  )
}

/** What is asked for stays visible, also when nothing has it any more. */
function withAsked(choices: readonly Choice[], wanted: string | undefined): Choice[] {
  return wanted === undefined || choices.some(({ value }) => value === wanted) ? [...choices] : [...choices, same(wanted)]
}

function Name({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  const [typed, setTyped] = useState(value)
  const tell = useDebouncedCallback(onChange, 250)
  // A name that was cleared elsewhere is cleared here.
  useEffect(() => (value === '' ? setTyped('') : undefined), [value])
  return (
    <TextInput
      label="Name"
      placeholder="Any name"
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        tell(currentTarget.value.trim())
      }}
      leftSection={<IconSearch size={16} aria-hidden />}
      type="search"
      maxLength={200}
    />
  )
}
