/** What a report is asked: days, comparison and figures at hand, everything else that it takes behind a button. */
import { Button, Collapse, Group, MultiSelect, Select, SimpleGrid, Switch, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAdjustmentsHorizontal } from '@tabler/icons-react'
import { useState } from 'react'
import type { Account } from '../../server.ts'
import { type Preset, presets } from './period.ts'
import { asList, type Change, columnsOf, listOf, type Name, periodOf, presetOf, type Question, type Several, type Single, type Tab, takes, usual } from './question.ts'
import classes from './reports.module.css'
import type { Choices, Frame } from './types.ts'

interface FiltersProps extends Pick<Frame, 'metrics'> {
  readonly account: Account
  readonly tab: Tab
  readonly question: Question
  readonly choices: Choices | undefined
  /** The filter that the server does not understand. */
  readonly wrong: Name | undefined
  readonly onChange: Change
  readonly onClear: () => void
}

interface Choice {
  readonly value: string
  readonly label: string
}

const plain = (names: readonly string[] = []): Choice[] => names.map((name) => ({ value: name, label: name }))
const named = (all: Choices['brands'] = []): Choice[] => all.map(({ id, name }) => ({ value: id, label: name }))
/** What is asked for stays visible, also where the account has it no more. */
const withAsked = (choices: readonly Choice[], asked: readonly string[]): Choice[] => [
  ...choices,
  ...plain(asked.filter((value) => !choices.some((choice) => choice.value === value))),
]

const compares = { none: 'Nothing', previousPeriod: 'The period before', previousYear: 'A year earlier' }
const bases = { send: 'By day of sending', event: 'By day of the event' }
const activations = { manual: 'Sent by hand', automatic: 'Sent by flows' }
const groups: Partial<Record<Tab, readonly string[]>> = {
  campaigns: ['campaign', 'folder', 'brand', 'channel', 'tag'],
  flows: ['flow', 'campaign', 'folder', 'brand', 'channel', 'tag'],
}
const choicesOf = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }))

/** Behind the button. */
const further: readonly Name[] = ['channels', 'brands', 'folders', 'tags', 'flows', 'activation', 'name', 'goal', 'basis', 'active']

export function Filters(props: FiltersProps) {
  const { tab, question, onClear } = props
  const set = further.filter((name) => takes(tab, name) && question[name] !== undefined)
  const [opened, { toggle }] = useDisclosure(set.length > 0)
  const any = Object.keys(question).some((name) => !['report', 'period', 'from', 'to'].includes(name))
  return (
    <search aria-label="Filters of the report" className={classes.filters}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" verticalSpacing="sm">
        <Period {...props} />
        {takes(tab, 'compare') ? <One {...props} name="compare" label="Compare with" data={choicesOf(compares)} /> : null}
        {groups[tab] ? <One {...props} name="group" label="Rows" data={groups[tab].map((value) => ({ value, label: `By ${value}` }))} standard={groups[tab][0]} /> : null}
      </SimpleGrid>
      {takes(tab, 'metrics') ? <Figures {...props} /> : null}
      <Collapse expanded={opened}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" verticalSpacing="sm" pt="sm">
          <Further {...props} />
        </SimpleGrid>
      </Collapse>
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" leftSection={<IconAdjustmentsHorizontal size={15} aria-hidden />} onClick={toggle} aria-expanded={opened}>
          {opened ? 'Fewer filters' : set.length > 0 ? `More filters (${set.length} set)` : 'More filters'}
        </Button>
        {any ? (
          <Button size="xs" variant="subtle" onClick={onClear}>
            Clear filters
          </Button>
        ) : null}
      </Group>
    </search>
  )
}

function Period({ account, question, wrong, onChange }: FiltersProps) {
  const preset = presetOf(question)
  const days = periodOf(question, account.timeZone)
  const choose = (value: Preset) =>
    onChange(value === 'custom' ? { period: value, from: days.start, to: days.end } : { period: value, from: undefined, to: undefined, unit: undefined })
  const day = (name: 'from' | 'to', label: string) => (
    <TextInput
      type="date"
      label={label}
      value={name === 'from' ? days.start : days.end}
      onChange={({ currentTarget: { value } }) => value && onChange({ [name]: value, unit: undefined })}
      error={wrong === name}
    />
  )
  return (
    <>
      <Select
        label="Period"
        data={choicesOf(presets)}
        value={preset}
        onChange={(value) => value && choose(value as Preset)}
        allowDeselect={false}
        error={wrong === 'from' && preset !== 'custom'}
      />
      {preset === 'custom' ? (
        <>
          {day('from', 'From')}
          {day('to', 'To')}
        </>
      ) : null}
    </>
  )
}

function Figures({ metrics, question, wrong, onChange }: FiltersProps) {
  const { metrics: chosen } = columnsOf(question)
  const data = [...metrics.values()].map(({ id, title }) => ({ value: id, label: title }))
  return (
    <MultiSelect
      label="Figures"
      data={withAsked(data, chosen)}
      value={[...chosen]}
      onChange={(values) => onChange({ metrics: asList(values), ...(question.sort && values.includes(question.sort) ? {} : { sort: undefined }) })}
      searchable
      hidePickedOptions
      maxDropdownHeight={320}
      nothingFoundMessage="No figure of this name"
      error={wrong === 'metrics'}
      className={classes.figures ?? ''}
      classNames={{ inputField: classes.field ?? '' }}
    />
  )
}

function Further({ ...props }: FiltersProps) {
  const { tab, choices, question, onChange } = props
  const goals = choices?.goals ?? []
  return (
    <>
      <Many {...props} name="channels" label="Channels" data={plain(choices?.channels)} />
      <Many {...props} name="brands" label="Brands" data={named(choices?.brands)} />
      <Many {...props} name="folders" label="Folders" data={named(choices?.folders)} />
      <Many {...props} name="tags" label="Tags" data={plain(choices?.tags)} />
      <Many {...props} name="flows" label="Flows" data={named(choices?.flows)} />
      {takes(tab, 'activation') ? <One {...props} name="activation" label="Sent" data={choicesOf(activations)} all="By hand and by flows" /> : null}
      {takes(tab, 'name') ? <NameContains {...props} key={question.name} /> : null}
      {takes(tab, 'goal') && (goals.length > 1 || question.goal !== undefined) ? (
        <One {...props} name="goal" label="Goal" data={plain(goals)} all={goals[0] ?? 'The first'} />
      ) : null}
      {takes(tab, 'basis') ? <One {...props} name="basis" label="Counted" data={choicesOf(bases)} /> : null}
      {takes(tab, 'active') ? (
        <Switch
          label="Only flows that are active now"
          checked={question.active === 'true'}
          onChange={({ currentTarget }) => onChange({ active: currentTarget.checked ? 'true' : undefined })}
          className={classes.switch ?? ''}
        />
      ) : null}
    </>
  )
}

interface OneProps extends FiltersProps {
  readonly name: Single
  readonly label: string
  readonly data: readonly Choice[]
  /** What holds when none is chosen. */
  readonly all?: string
  /** The value that stands for none. */
  readonly standard?: string | undefined
}

function One({ name, label, data, all, standard = usual[name], question, wrong, onChange }: OneProps) {
  const value = question[name] ?? standard
  return (
    <Select
      label={label}
      data={withAsked(data, value === undefined ? [] : [value])}
      value={value ?? null}
      onChange={(chosen) => onChange({ [name]: chosen === standard ? undefined : (chosen ?? undefined) })}
      {...(all === undefined ? { allowDeselect: false } : { placeholder: all, clearable: true, clearButtonProps: { 'aria-label': `Clear: ${label}` } })}
      error={wrong === name}
    />
  )
}

function Many({ tab, name, label, data, question, wrong, onChange }: FiltersProps & { name: Several; label: string; data: readonly Choice[] }) {
  const asked = listOf(question[name])
  if (!takes(tab, name) || (data.length === 0 && asked.length === 0)) return null
  return (
    <MultiSelect
      label={label}
      placeholder={asked.length === 0 ? 'All' : ''}
      data={withAsked(data, asked)}
      value={asked}
      onChange={(values) => onChange({ [name]: asList(values) })}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear: ${label}` }}
      nothingFoundMessage="Nothing of this name"
      limit={200}
      classNames={{ inputField: classes.field ?? '' }}
      error={wrong === name}
    />
  )
}

/** Asked for when it is written, not at every letter. */
function NameContains({ question, wrong, onChange }: FiltersProps) {
  const [text, setText] = useState(question.name ?? '')
  const ask = () => {
    if (text.trim() !== (question.name ?? '')) onChange({ name: text.trim() || undefined })
  }
  return (
    <TextInput
      label="Name contains"
      value={text}
      maxLength={200}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={ask}
      onKeyDown={({ key }) => key === 'Enter' && ask()}
      error={wrong === 'name'}
    />
  )
}
