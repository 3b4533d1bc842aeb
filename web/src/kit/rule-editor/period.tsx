/** When something was done: at any time, in the last days, between two days, or of the last messages. */
import { Select, Text, TextInput } from '@mantine/core'
import classes from './rule-editor.module.css'
import { ofMessages } from './subjects.ts'
import type { Behaviour, Within } from './types.ts'
import { Count } from './value.tsx'

interface PeriodProps {
  readonly within: Within | undefined
  readonly behaviour: Behaviour | undefined
  readonly onChange: (within: Within | undefined) => void
}

const begins: Record<string, Within> = { days: { days: 30 }, span: {}, messages: { messages: 5 } }
const kindOf = (within: Within | undefined) => (!within ? 'any' : 'days' in within ? 'days' : 'messages' in within ? 'messages' : 'span')

export function Period({ within, behaviour, onChange }: PeriodProps) {
  const kind = kindOf(within)
  const messages = kind === 'messages' || (behaviour !== undefined && ofMessages(behaviour))
  return (
    <div className={classes.period}>
      <Select
        className={classes.when ?? ''}
        size="sm"
        aria-label="When"
        data={[
          { value: 'any', label: 'at any time' },
          { value: 'days', label: 'in the last' },
          { value: 'span', label: 'from – to' },
          ...(messages ? [{ value: 'messages', label: 'of the last' }] : []),
        ]}
        value={kind}
        onChange={(next) => onChange(next === null ? undefined : begins[next])}
        allowDeselect={false}
      />
      {within && 'days' in within ? (
        <Count label="Days" unit={within.days === 1 ? 'day' : 'days'} value={within.days} most={3650} onChange={(days) => onChange({ days: days ?? 0 })} />
      ) : within && 'messages' in within ? (
        <Count label="Messages" unit={within.messages === 1 ? 'message' : 'messages'} value={within.messages} most={50} onChange={(count) => onChange({ messages: count ?? 0 })} />
      ) : within ? (
        <Span within={within} onChange={onChange} />
      ) : null}
    </div>
  )
}

type Days = Exclude<Within, { days: number } | { messages: number }>

function Span({ within, onChange }: { within: Days; onChange: (within: Days) => void }) {
  const set = (part: 'from' | 'to', day: string) => {
    const { [part]: _before, ...rest } = within
    onChange(day === '' ? rest : { ...rest, [part]: day })
  }
  return (
    <div className={classes.pair}>
      <TextInput type="date" size="sm" aria-label="From" value={within.from ?? ''} max={within.to} onChange={({ currentTarget }) => set('from', currentTarget.value)} />
      <Text size="sm" c="dimmed">
        –
      </Text>
      <TextInput type="date" size="sm" aria-label="To" value={within.to ?? ''} min={within.from} onChange={({ currentTarget }) => set('to', currentTarget.value)} />
    </div>
  )
}
