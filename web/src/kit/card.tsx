/** A surface for things that belong together. */
import { Paper, type PaperProps } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './card.module.css'

export function Card({ children, flush = false, ...rest }: PaperProps & { children: ReactNode /** No padding: for rows and tables that bring their own. */; flush?: boolean }) {
  return (
    <Paper className={classes.card} p={flush ? 0 : 'lg'} {...rest}>
      {children}
    </Paper>
  )
}
