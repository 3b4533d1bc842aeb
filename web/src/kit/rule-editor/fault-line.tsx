/** What is wrong with a predicate, or missing in it, where it stands. */
import { IconAlertCircle, IconPencil } from '@tabler/icons-react'
import type { Fault } from './live.ts'
import classes from './rule-editor.module.css'

export function FaultLine({ id, fault }: { id: string; fault: Fault | undefined }) {
  return (
    <div id={id} aria-live="polite">
      {fault ? (
        <p className={classes.fault} data-gap={fault.gap || undefined}>
          {fault.gap ? <IconPencil size={15} aria-hidden /> : <IconAlertCircle size={15} aria-hidden />}
          <span>{fault.message}</span>
        </p>
      ) : null}
    </div>
  )
}
