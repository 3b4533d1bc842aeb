/** A rule to read: its groups as nested lists, each predicate in the words of the server, with how many it holds for by itself. */
import type { ReactNode } from 'react'
import { Tooltip } from '@mantine/core'
import { groupWords } from './operators.ts'
import classes from './rule-view.module.css'
import { groupOf } from './tree.ts'
import type { Predicate } from './types.ts'

interface RuleViewProps {
  readonly tree: Predicate
  /** Words by path, as `check`, `size` and `one` give them. */
  readonly parts: readonly { readonly path: string; readonly text: string }[]
  /** Shown counts by path. */
  readonly counts?: ReadonlyMap<string, string>
}

export function RuleView({ tree, parts, counts }: RuleViewProps) {
  const texts = new Map(parts.map(({ path, text }) => [path, text]))
  return (
    <div className={classes.rule}>
      <Node predicate={tree} path="" texts={texts} counts={counts ?? new Map()} />
    </div>
  )
}

interface NodeProps {
  readonly predicate: Predicate
  readonly path: string
  readonly texts: ReadonlyMap<string, string>
  readonly counts: ReadonlyMap<string, string>
}

function Node({ predicate, path, texts, counts }: NodeProps) {
  const inner = groupOf(predicate)
  if (!inner) {
    return (
      <div className={classes.leaf}>
        <span className={classes.words}>
          <Sentence text={texts.get(path) ?? '…'} />
        </span>
        <By count={counts.get(path)} />
      </div>
    )
  }
  return (
    <div>
      <div className={classes.leaf}>
        <span className={classes.title}>{groupWords[inner.group].long}</span>
        {path === '' ? null : <By count={counts.get(path)} />}
      </div>
      <ul className={classes.members}>
        {inner.members.map((member, index) => {
          const at = `${path === '' ? '' : `${path}.`}${inner.group}[${index}]`
          return (
            <li key={at}>
              <Node predicate={member} path={at} texts={texts} counts={counts} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function By({ count }: { count: string | undefined }) {
  if (count === undefined) return null
  return (
    <Tooltip label="Customers it holds for by itself">
      <span className={classes.count}>
        {count}
        <span className={classes.hidden}> by itself</span>
      </span>
    </Tooltip>
  )
}

/** Words with what stands in quotes set apart: names of people's things keep their direction to themselves. */
export function Sentence({ text }: { text: string }): ReactNode {
  // JSON strings: a quote inside of one is escaped.
  return text.split(/("(?:[^"\\]|\\.)*")/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change places
      <bdi key={index} className={classes.value}>
        {part}
      </bdi>
    ) : (
      part
    ),
  )
}
