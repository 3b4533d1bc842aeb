/** One rule: where to look, what for, and its place among the others. */
import { ActionIcon, Select, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useRef } from 'react'
import { emptyRule, kindOrder, kindWords, type RuleForm, type RuleKind } from './rule-form.ts'
import classes from './rules.module.css'
import type { CampaignRule } from './types.ts'

interface RuleRowProps {
  readonly form: RuleForm
  /** From 1. */
  readonly place: number
  readonly of: number
  /** Of the platform. */
  readonly title: string
  readonly error: string | undefined
  readonly onChange: (rule: CampaignRule) => void
  readonly onMove: (by: 1 | -1) => void
  readonly onRemove: () => void
}

export function RuleRow({ form: { rule }, place, of, title, error, onChange, onMove, onRemove }: RuleRowProps) {
  const [up, down] = [useRef<HTMLButtonElement>(null), useRef<HTMLButtonElement>(null)]
  const move = (by: 1 | -1) => {
    onMove(by)
    // At an end the button that was pressed cannot be pressed again: the other one takes the focus.
    const [pressed, other] = by === -1 ? [up, down] : [down, up]
    const target = pressed.current?.disabled ? other : pressed
    target.current?.focus()
  }
  return (
    <li className={classes.rule}>
      <span className={classes.place} aria-hidden>
        {place}.
      </span>
      <fieldset className={classes.ruleFields} aria-label={`Rule ${place}`}>
        <Select
          aria-label={`Where rule ${place} looks`}
          data={kindOrder.map((value) => ({ value, label: value === 'provider' ? `${title}’s own campaign` : kindWords[value] }))}
          value={rule.from}
          onChange={(value) => value && onChange(emptyRule(value as RuleKind))}
          allowDeselect={false}
        />
        <What rule={rule} place={place} error={error} onChange={onChange} />
      </fieldset>
      <div className={classes.ruleButtons}>
        <ActionIcon ref={up} variant="subtle" color="gray" disabled={place === 1} onClick={() => move(-1)} aria-label={`Move rule ${place} up`}>
          <IconArrowUp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon ref={down} variant="subtle" color="gray" disabled={place === of} onClick={() => move(1)} aria-label={`Move rule ${place} down`}>
          <IconArrowDown size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" disabled={of === 1} onClick={onRemove} aria-label={`Remove rule ${place}`}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </div>
    </li>
  )
}

function What({ rule, place, error, onChange }: Pick<RuleRowProps, 'place' | 'error' | 'onChange'> & { rule: CampaignRule }) {
  const common = { error, autoComplete: 'off', spellCheck: false }
  switch (rule.from) {
    case 'metadata':
      return (
        <TextInput
          {...common}
          aria-label={`Name of the field of rule ${place}`}
          placeholder="campaign_id"
          maxLength={200}
          value={rule.name}
          onChange={({ currentTarget }) => onChange({ from: 'metadata', name: currentTarget.value })}
        />
      )
    case 'tag':
      return (
        <TextInput
          {...common}
          aria-label={`What the tag of rule ${place} begins with`}
          placeholder="beginning with … (any, if empty)"
          maxLength={100}
          value={rule.prefix ?? ''}
          onChange={({ currentTarget }) => onChange({ from: 'tag', prefix: currentTarget.value })}
        />
      )
    case 'fixed':
      return (
        <TextInput
          {...common}
          aria-label={`Key of the campaign of rule ${place}`}
          placeholder="welcome"
          maxLength={200}
          value={rule.key}
          onChange={({ currentTarget }) => onChange({ from: 'fixed', key: currentTarget.value })}
        />
      )
    case 'provider':
      return null
  }
}
