/** The field for campaigns, flows, brands, folders and tags: found by name among those that the person may see, kept by id. */
import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useApi } from '../../api.ts'
import type { Input } from '../../server.ts'
import { useEditing } from './context.ts'
import { listOf } from './operators.ts'
import classes from './rule-editor.module.css'
import type { ValueFieldProps } from './value-props.ts'

type Kind = NonNullable<Input<'audiences', 'names'>>['kind']

/** @param one whether there can be but one value */
export function EntityField({ term, value, wrong, onChange, one = false }: Omit<ValueFieldProps, 'op'> & { readonly one?: boolean }) {
  const { account, names } = useEditing()
  const [typed, setTyped] = useState('')
  const [opened, setOpened] = useState(false)
  /** Names of what was chosen here: the server tells those of the rule a moment later. */
  const [picked, setPicked] = useState<Readonly<Record<string, string>>>({})
  const [asked] = useDebouncedValue(typed.trim(), 250)
  const found = useApi('audiences', 'names', { account: account.systemName, kind: term.name as Kind, typed: asked }, { enabled: opened, keep: true })
  const chosen = listOf(value).map(String)
  const offered = found.data?.names ?? []
  const nameOf = (id: string) => offered.find((row) => row.id === id)?.name ?? picked[id] ?? names[id] ?? id
  const more = (found.data?.of ?? 0) - offered.length
  return (
    <MultiSelect
      className={classes.list ?? ''}
      size="sm"
      aria-label={term.title}
      data={[...new Set([...chosen, ...offered.map(({ id }) => id)])].map((id) => ({ value: id, label: nameOf(id) }))}
      value={chosen}
      onChange={(given) => {
        setPicked({ ...picked, ...Object.fromEntries(given.map((id) => [id, nameOf(id)])) })
        const kept = one ? given.slice(-1) : given
        onChange(kept.length === 0 ? undefined : one ? kept[0] : kept)
      }}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // What is offered is what the server found.
      filter={({ options }) => options}
      hidePickedOptions
      onDropdownOpen={() => setOpened(true)}
      placeholder={chosen.length > 0 ? '' : `Find a ${term.title.toLowerCase()} …`}
      nothingFoundMessage={found.error ? found.error.message : found.isFetching ? 'Looking …' : `No ${term.title.toLowerCase()} of this name`}
      description={opened && more > 0 ? `${more} more: type a part of the name` : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${term.title}` }}
      error={wrong}
    />
  )
}
