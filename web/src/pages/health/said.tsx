/** What is wrong and what to do, as people read it: the same words go to assistants, with exact moments and the names of tools. */
import { Fragment } from 'react'
import { Time } from '../../kit/index.ts'

const moment = /(\d{4}-\d\d-\d\dT[\d:.]+Z)/
const toolName = / \([a-z]+(?:_[a-z]+)+\)/g

export function Said({ children }: { children: string }) {
  const parts = children.replaceAll(toolName, '').split(moment)
  // biome-ignore lint/suspicious/noArrayIndexKey: every second part is a moment, and has no other name
  return parts.map((part, index) => <Fragment key={index}>{index % 2 === 1 ? <Time at={part} show="exact" /> : part}</Fragment>)
}
