/** A group of predicates: how they are joined, its members, and what can be added. */
import { Button, Group, SegmentedControl, Text, VisuallyHidden } from '@mantine/core'
import { IconFolderPlus, IconPlus } from '@tabler/icons-react'
import { useId } from 'react'
import { Actions } from './actions.tsx'
import classes from './rule-editor.module.css'
import { numberOf, spotName, useEditing } from './context.ts'
import { FaultLine } from './fault-line.tsx'
import { faultAt } from './live.ts'
import { Leaf } from './leaf.tsx'
import { groupWords } from './operators.ts'
import { added, blank, groupOf, makeGroup, pathOf, replaced } from './tree.ts'
import type { Group as GroupName, Place, Predicate } from './types.ts'

export function GroupBox({ place, predicate }: { place: Place; predicate: Predicate }) {
  const { tree, faults, counts, full, change, vocabulary } = useEditing()
  const id = useId()
  const inner = groupOf(predicate)
  if (!inner) return null
  const { group, members } = inner
  const path = pathOf(tree, place)
  const fault = faultAt(faults, path, true)
  const add = (what: Predicate, say: string, inside: Place = []) => change(added(tree, place, what), { focus: [[...place, members.length, ...inside], 'subject'], say })
  // A group and what is in it are two levels more.
  const deep = place.length + 3 > vocabulary.mostDepth
  return (
    <fieldset className={classes.group} data-group={group} data-root={place.length === 0 || undefined} aria-describedby={fault ? id : undefined}>
      <legend className={classes.hidden}>{place.length === 0 ? 'The rule' : `Group ${numberOf(place)}`}</legend>
      <Group gap="xs" justify="space-between" wrap="wrap" className={classes.groupHead}>
        <Group gap="xs" wrap="wrap">
          <SegmentedControl
            size="xs"
            data={(Object.keys(groupWords) as GroupName[]).map((value) => ({ value, label: groupWords[value].short }))}
            value={group}
            onChange={(value) => change(replaced(tree, place, makeGroup(value as GroupName, members)))}
            aria-label="How the conditions are joined"
          />
          <Text size="sm" c="dimmed">
            {groupWords[group].long}
          </Text>
        </Group>
        {place.length === 0 ? null : <Actions place={place} isGroup count={counts.get(path)} />}
      </Group>
      <FaultLine id={id} fault={fault} />
      {members.length === 0 ? null : (
        <ol className={classes.members}>
          {members.map((member, index) => (
            // A predicate has no id: its place is what it is.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={index} className={classes.member}>
              {index === 0 ? null : (
                <span className={classes.join} aria-hidden>
                  {groupWords[group].join}
                </span>
              )}
              {groupOf(member) ? <GroupBox place={[...place, index]} predicate={member} /> : <Leaf place={[...place, index]} leaf={member} />}
            </li>
          ))}
        </ol>
      )}
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={full}
          onClick={() => add(blank, 'Added a condition')}
          data-spot={spotName(place, 'add')}
        >
          Add a condition
          <Where place={place} />
        </Button>
        {deep ? null : (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconFolderPlus size={14} aria-hidden />}
            disabled={full}
            onClick={() => add(makeGroup(group === 'any' ? 'all' : 'any', [blank]), 'Added a group', [0])}
          >
            Add a group
            <Where place={place} />
          </Button>
        )}
        {full && place.length === 0 ? (
          <Text size="sm" c="dimmed">
            A rule has at most {vocabulary.mostNodes} conditions and groups.
          </Text>
        ) : null}
      </Group>
    </fieldset>
  )
}

/** Which group a button adds to, for whoever does not see where it stands. */
function Where({ place }: { place: Place }) {
  return place.length === 0 ? null : <VisuallyHidden> to group {numberOf(place)}</VisuallyHidden>
}
