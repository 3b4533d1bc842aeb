/** What can be done with a predicate or a group as a whole, and how many it holds for by itself. */
import { ActionIcon, Tooltip } from '@mantine/core'
import { type Icon, IconArrowDown, IconArrowUp, IconBracketsContain, IconBracketsOff, IconCopy, IconTrash } from '@tabler/icons-react'
import classes from './rule-editor.module.css'
import { spotName, useEditing } from './context.ts'
import { at, type Direction, duplicated, groupOf, moved, removed, ungrouped, wrapped } from './tree.ts'
import type { Place } from './types.ts'

interface ActionsProps {
  readonly place: Place
  readonly isGroup?: boolean
  readonly count: string | undefined
}

export function Actions({ place, isGroup = false, count }: ActionsProps) {
  const { tree, full, change, vocabulary } = useEditing()
  const parent = place.slice(0, -1)
  const index = place.at(-1) ?? 0
  const what = isGroup ? 'group' : 'condition'
  const move = (direction: Direction) => {
    const next = moved(tree, place, direction)
    if (next) change(next.tree, { focus: [next.place, direction], say: `Moved the ${what} ${direction}: it is number ${next.place.map((one) => one + 1).join('.')} now` })
  }
  const remove = () => {
    const beside: Place | undefined = index > 0 ? [...parent, index - 1] : (members(parent)[1] && [...parent, 0]) || undefined
    change(removed(tree, place), { focus: beside ? [beside, 'remove'] : [parent, 'add'], say: `Removed the ${what}` })
  }
  const members = (of: Place) => {
    const node = at(tree, of)
    return (node && groupOf(node)?.members) ?? []
  }
  return (
    <div className={classes.actions}>
      {count === undefined ? null : (
        <Tooltip label="Customers it holds for by itself">
          <span className={classes.count}>
            {count}
            <span className={classes.hidden}> by itself</span>
          </span>
        </Tooltip>
      )}
      <Act sign={IconArrowUp} label="Move up" disabled={!moved(tree, place, 'up')} onClick={() => move('up')} spot={spotName(place, 'up')} />
      <Act sign={IconArrowDown} label="Move down" disabled={!moved(tree, place, 'down')} onClick={() => move('down')} spot={spotName(place, 'down')} />
      <Act
        sign={IconCopy}
        label="Duplicate"
        disabled={full}
        onClick={() => change(duplicated(tree, place), { focus: [[...parent, index + 1], isGroup ? 'remove' : 'subject'], say: `Duplicated the ${what}` })}
      />
      {isGroup ? (
        <Act sign={IconBracketsOff} label="Ungroup" onClick={() => change(ungrouped(tree, place), { focus: [place, 'remove'], say: 'Took the group apart' })} />
      ) : (
        <Act
          sign={IconBracketsContain}
          label="Put into a group"
          disabled={full || place.length + 2 > vocabulary.mostDepth}
          onClick={() => change(wrapped(tree, place), { focus: [place, 'add'], say: 'Put the condition into a group of its own' })}
        />
      )}
      <Act sign={IconTrash} label="Remove" onClick={remove} spot={spotName(place, 'remove')} />
    </div>
  )
}

interface ActProps {
  readonly sign: Icon
  readonly label: string
  readonly disabled?: boolean
  readonly onClick: () => void
  readonly spot?: string
}

/** Not `disabled` but said to be: a button at the edge keeps the focus that moved with it. */
function Act({ sign: Sign, label, disabled = false, onClick, spot }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={25}
        variant="subtle"
        color="gray"
        className={classes.act ?? ''}
        aria-label={label}
        aria-disabled={disabled || undefined}
        onClick={() => disabled || onClick()}
        data-spot={spot}
      >
        <Sign size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
