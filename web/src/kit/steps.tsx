/** Steps that a person takes one after the other, each with its number, a title and what belongs to it. */
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './steps.module.css'

export function Steps({ children }: { children: ReactNode }) {
  return <ol className={classes.steps}>{children}</ol>
}

/** @param props.number from 1 */
export function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className={classes.step}>
      <span className={classes.number} aria-hidden>
        {number}
      </span>
      <div className={classes.body}>
        <Text fw={620}>{title}</Text>
        {children}
      </div>
    </li>
  )
}
