/** The editor of a rule over customers: nested groups of predicates, by mouse or keyboard alone. Controlled: it holds no rule, and says at its place what the server finds wrong. */
import { VisuallyHidden } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Account } from '../../server.ts'
import { type Editing, EditingContext, type Spot, spotName } from './context.ts'
import { GroupBox } from './group.tsx'
import { useLiveRule } from './live.ts'
import { RuleView } from './rule-view.tsx'
import { rooted, sizeOf } from './tree.ts'
import type { Place, Predicate, Vocabulary } from './types.ts'

interface RuleEditorProps {
  readonly account: Account
  readonly value: Predicate
  readonly onChange: (tree: Predicate) => void
  /** The rule in words instead. */
  readonly readOnly?: boolean
  /** What `audiences.vocabulary` gave. */
  readonly vocabulary: Vocabulary
}

export function RuleEditor({ account, value, onChange, readOnly = false, vocabulary }: RuleEditorProps) {
  const tree = rooted(value)
  const { faults, counts, checked } = useLiveRule(account, value, vocabulary)
  const [said, setSaid] = useState('')
  const root = useRef<HTMLDivElement>(null)
  const wanted = useRef<readonly [Place, Spot]>(undefined)
  // After every drawing: the control that the last change asked for is there now.
  useEffect(() => {
    if (!wanted.current) return
    const name = spotName(...wanted.current)
    wanted.current = undefined
    const spot = [...(root.current?.querySelectorAll<HTMLElement>('[data-spot]') ?? [])]
    ;(spot.find(({ dataset }) => dataset.spot === name) ?? spot.find(({ dataset }) => dataset.spot === ':add'))?.focus()
  })
  if (readOnly) return <RuleView tree={value} parts={checked?.parts ?? []} counts={counts} />
  const { nodes } = sizeOf(tree)
  const editing: Editing = {
    account,
    vocabulary,
    tree,
    // A rule that is one predicate is shown in a group of its own.
    faults: tree === value ? faults : new Map([...faults].map(([path, fault]) => [path === '' ? 'all[0]' : `all[0].${path}`, fault])),
    counts: tree === value ? counts : new Map([...counts].map(([path, count]) => [path === '' ? 'all[0]' : path, count])),
    names: checked?.names ?? {},
    full: nodes >= vocabulary.mostNodes,
    change: (next, { focus, say } = {}) => {
      wanted.current = focus
      if (say !== undefined) setSaid(say)
      onChange(next)
    },
  }
  return (
    <EditingContext value={editing}>
      <div ref={root}>
        <GroupBox place={[]} predicate={tree} />
        <VisuallyHidden role="status">{said}</VisuallyHidden>
      </div>
    </EditingContext>
  )
}
