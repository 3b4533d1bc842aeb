/** The fields of a behaviour: done or not, how often, when, what of it counts, and what orders came to. */
import { Button, Group, Select, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { FilterFields } from './filter.tsx'
import { Period } from './period.tsx'
import classes from './rule-editor.module.css'
import { comparisonOf, turned } from './subjects.ts'
import type { Behaviour, BehaviourPredicate, Condition, Term } from './types.ts'
import { Count, ValueField } from './value.tsx'

interface BehaviourFieldsProps {
  readonly leaf: BehaviourPredicate
  /** undefined: the account does not have it any more. */
  readonly behaviour: Behaviour | undefined
  readonly wrong: boolean
  readonly onChange: (leaf: BehaviourPredicate) => void
}

const units = { message: ['message', 'messages'], order: ['order', 'orders'], web: ['time', 'times'] } as const
const mostFilters = 20

export function BehaviourFields({ leaf, behaviour, wrong, onChange }: BehaviourFieldsProps) {
  const did = 'did' in leaf
  const where = leaf.where ?? []
  const fields = behaviour?.fields ?? []
  const filter = (next: readonly Condition[]) => {
    const { where: _before, ...rest } = leaf
    onChange(next.length > 0 ? { ...rest, where: [...next] } : rest)
  }
  const [first] = fields
  return (
    <>
      <div className={classes.line}>
        <Select
          className={classes.did ?? ''}
          size="sm"
          aria-label="Done or not"
          data={[
            { value: 'did', label: 'at least' },
            { value: 'didNot', label: 'not once' },
          ]}
          value={did ? 'did' : 'didNot'}
          onChange={(value) => onChange(turned(leaf, value === 'did'))}
          allowDeselect={false}
        />
        {did ? <Often leaf={leaf} kind={behaviour?.kind ?? 'web'} onChange={onChange} /> : null}
        <Period
          within={leaf.within}
          behaviour={behaviour}
          onChange={(within) => {
            const { within: _before, ...rest } = leaf
            onChange(within ? { ...rest, within } : rest)
          }}
        />
      </div>
      {did && behaviour?.kind === 'order' ? <Total leaf={leaf} onChange={onChange} /> : null}
      {where.map((condition, index) => (
        <FilterFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a filter has no id: its place is what it is
          key={index}
          number={index + 1}
          fields={fields}
          condition={condition}
          wrong={wrong}
          onChange={(next) => filter(where.map((one, at) => (at === index ? next : one)))}
          onRemove={() => filter(where.toSpliced(index, 1))}
        />
      ))}
      {first && where.length < mostFilters ? (
        <Group>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<IconPlus size={13} aria-hidden />}
            onClick={() => filter([...where, { field: first.name, ...comparisonOf(first) }])}
          >
            {where.length === 0 ? 'Only where …' : 'And where …'}
          </Button>
        </Group>
      ) : null}
    </>
  )
}

type Did = Extract<BehaviourPredicate, { did: string }>

function Often({ leaf, kind, onChange }: { leaf: Did; kind: Behaviour['kind']; onChange: (leaf: Did) => void }) {
  const [one, many] = units[kind]
  const set = (part: 'atLeast' | 'atMost', value: number | undefined) => {
    const { [part]: _before, ...rest } = leaf
    onChange(value === undefined ? rest : { ...rest, [part]: value })
  }
  const least = leaf.atLeast ?? 1
  return (
    <div className={classes.pair}>
      <Count
        label="At least how often"
        unit={(leaf.atMost ?? least) === 1 || (leaf.atMost === undefined && least === 1) ? one : many}
        value={least}
        most={1_000_000}
        onChange={(value) => set('atLeast', value ?? 0)}
      />
      <Text size="sm" c="dimmed" className={classes.nowrap ?? ''}>
        at most
      </Text>
      <Count label="At most how often" unit="" placeholder="any" value={leaf.atMost} most={1_000_000} onChange={(value) => set('atMost', value)} />
    </div>
  )
}

const sums = [
  { value: 'any', label: 'of any sum' },
  { value: '>', label: 'for more than' },
  { value: '>=', label: 'for at least' },
  { value: '<', label: 'for less than' },
  { value: '<=', label: 'for at most' },
]
const sum: Term = { name: 'total', title: 'Sum of these orders', description: '', type: 'money', operators: ['is'] }

function Total({ leaf, onChange }: { leaf: Did; onChange: (leaf: Did) => void }) {
  const { total, ...rest } = leaf
  const set = (op: string | null) => onChange(op === null || op === 'any' ? rest : { ...rest, total: { op: op as NonNullable<Did['total']>['op'], value: total?.value ?? '' } })
  return (
    <div className={classes.line}>
      <Select className={classes.operator ?? ''} size="sm" aria-label="What these orders came to" data={sums} value={total?.op ?? 'any'} onChange={set} allowDeselect={false} />
      {total ? (
        <ValueField term={sum} op="is" value={total.value} wrong={false} onChange={(value) => onChange({ ...rest, total: { op: total.op, value: String(value ?? '') } })} />
      ) : null}
      {total ? (
        <Text size="sm" c="dimmed">
          in total
        </Text>
      ) : null}
    </div>
  )
}
