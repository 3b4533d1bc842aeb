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

/** What is written beside where to look. */
interface Asked {
  readonly label: string
  readonly placeholder: string
  readonly most: number
  readonly value: string
  readonly written: (text: string) => CampaignRule
}

/** undefined: nothing more is needed. */
function askedOf(rule: CampaignRule, place: number): Asked | undefined {
  switch (rule.from) {
    case 'metadata':
      return { label: `Name of the field of rule ${place}`, placeholder: 'campaign_id', most: 200, value: rule.name, written: (name) => ({ from: 'metadata', name }) }
    case 'tag':
      return {
        label: `What the tag of rule ${place} begins with`,
        placeholder: 'beginning with … (any, if empty)',
        most: 100,
        value: rule.prefix ?? '',
        written: (prefix) => ({ from: 'tag', prefix }),
      }
    case 'fixed':
      return { label: `Key of the campaign of rule ${place}`, placeholder: 'welcome', most: 200, value: rule.key, written: (key) => ({ from: 'fixed', key }) }
    case 'provider':
      return undefined
  }
}

function What({ rule, place, error, onChange }: Pick<RuleRowProps, 'place' | 'error' | 'onChange'> & { rule: CampaignRule }) {
  const asked = askedOf(rule, place)
  if (!asked) return null
  const { label, placeholder, most, value, written } = asked
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      maxLength={most}
      value={value}
      error={error}
      autoComplete="off"
      spellCheck={false}
      onChange={({ currentTarget }) => onChange(written(currentTarget.value))}
    />
  )
}
