/** One predicate: what it is about, and how that is compared or how often it was done. */
import { Select, Text } from '@mantine/core'
import { useId, useMemo } from 'react'
import { Actions } from './actions.tsx'
import { BehaviourFields } from './behaviour.tsx'
import { ComparisonFields } from './comparison.tsx'
import { numberOf, spotName, useEditing } from './context.ts'
import { FaultLine } from './fault-line.tsx'
import { faultAt } from './live.ts'
import classes from './rule-editor.module.css'
import { about, eventOf, isAttribute, isBehaviour, subjectOf, titleOf } from './subjects.ts'
import { pathOf, replaced } from './tree.ts'
import type { AttributePredicate, Place, Predicate, Vocabulary } from './types.ts'

export function Leaf({ place, leaf }: { place: Place; leaf: Predicate }) {
  const { tree, faults, counts, vocabulary, change } = useEditing()
  const id = useId()
  const path = pathOf(tree, place)
  const fault = faultAt(faults, path, false)
  const title = titleOf(leaf, vocabulary)
  const set = (next: Predicate) => change(replaced(tree, place, next))
  const wrong = fault !== undefined && !fault.gap
  return (
    <fieldset className={classes.leaf} data-wrong={wrong || undefined} aria-describedby={fault ? id : undefined}>
      <legend className={classes.hidden}>
        Condition {numberOf(place)}
        {title === '' ? '' : `: ${title}`}
      </legend>
      <div className={`${classes.line} ${classes.first}`}>
        <SubjectSelect leaf={leaf} place={place} onChange={(subject) => set(about(leaf, subject, vocabulary))} />
        {isAttribute(leaf) ? <AttributeFields leaf={leaf} wrong={wrong} onChange={set} /> : null}
      </div>
      <Actions place={place} count={counts.get(path)} />
      {isBehaviour(leaf) ? <BehaviourFields leaf={leaf} behaviour={vocabulary.behaviours.find(({ name }) => name === eventOf(leaf))} wrong={wrong} onChange={set} /> : null}
      <FaultLine id={id} fault={fault} />
    </fieldset>
  )
}

function AttributeFields({ leaf, wrong, onChange }: { leaf: AttributePredicate; wrong: boolean; onChange: (leaf: Predicate) => void }) {
  const { vocabulary } = useEditing()
  const term = vocabulary.attributes.find(({ name }) => name === leaf.attribute)
  if (!term) return null
  return <ComparisonFields term={term} comparison={leaf} wrong={wrong} onChange={(comparison) => onChange({ attribute: leaf.attribute, ...comparison })} />
}

const kinds = { message: 'Messages', order: 'Orders', web: 'Web events' } as const

function choicesOf({ attributes, behaviours }: Vocabulary) {
  return [
    { group: 'Attributes', items: attributes.map(({ name, title }) => ({ value: `a:${name}`, label: title })) },
    ...(['message', 'order', 'web'] as const).map((kind) => ({
      group: kinds[kind],
      items: behaviours.filter((one) => one.kind === kind).map(({ name, title }) => ({ value: `b:${name}`, label: title })),
    })),
  ].filter(({ items }) => items.length > 0)
}

function SubjectSelect({ leaf, place, onChange }: { leaf: Predicate; place: Place; onChange: (subject: string) => void }) {
  const { vocabulary } = useEditing()
  const choices = useMemo(() => choicesOf(vocabulary), [vocabulary])
  const words = useMemo(
    () =>
      new Map<string, string>([
        ...vocabulary.attributes.map(({ name, description }) => [`a:${name}`, description] as const),
        ...vocabulary.behaviours.map(({ name, description }) => [`b:${name}`, description] as const),
      ]),
    [vocabulary],
  )
  const subject = subjectOf(leaf)
  // A name that the account does not have any more stays visible.
  const data = subject === '' || words.has(subject) ? choices : [...choices, { group: 'Not known', items: [{ value: subject, label: subject.slice(2) }] }]
  return (
    <Select
      className={classes.subject ?? ''}
      size="sm"
      aria-label="What the condition is about"
      placeholder="Choose …"
      data={data}
      value={subject === '' ? null : subject}
      onChange={(value) => value && onChange(value)}
      allowDeselect={false}
      searchable
      nothingFoundMessage="Nothing of this name"
      maxDropdownHeight={320}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      renderOption={({ option }) => {
        const said = words.get(option.value)
        return (
          <div className={classes.option}>
            <bdi>{option.label}</bdi>
            {said === undefined || said === option.label ? null : (
              <Text size="xs" c="dimmed">
                {said}
              </Text>
            )}
          </div>
        )
      }}
      data-spot={spotName(place, 'subject')}
    />
  )
}
