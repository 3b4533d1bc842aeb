/** The dialog before a step of what was approved: exactly what happens, and what does not. */
import { useChange } from '../../api.ts'
import { Confirm, done } from '../../kit/index.ts'
import type { Input } from '../../server.ts'
import classes from './decision.module.css'
import type { Step } from './types.ts'
import { short } from './words.ts'

/** What a step does, by where it leads; the server has the table of them (src/domain/entities/transitions.ts). */
const effects: Readonly<Record<string, string>> = {
  active: 'It becomes active.',
  paused: 'It pauses until somebody resumes it.',
  completed: 'It is done, and does not run again.',
  stopped: 'It stops, and cannot be started again.',
  archived: 'It goes to the archive.',
  draft: 'The approval is taken back: it waits for a decision again.',
}
const dangerous = new Set(['stopped', 'archived', 'completed'])
export const titled = (action: string) => action.charAt(0).toUpperCase() + action.slice(1)

/** A step with the status that was seen when its button was pressed. */
export type StepTaken = Input<'drafts', 'changeStatus'> & Step

interface StepDialogProps {
  readonly name: string
  /** The dialog is open as long as there is one. */
  readonly step: StepTaken | undefined
  readonly onClose: () => void
}

export function StepDialog({ name, step, onClose }: StepDialogProps) {
  const change = useChange('drafts', 'changeStatus')
  const { account = '', id = '', from = 'active', to = 'active', action = '' } = step ?? {}
  return (
    <Confirm
      title={`${titled(action)}?`}
      action={titled(action)}
      dangerous={dangerous.has(to)}
      change={change}
      input={step && { account, id, from, to }}
      onDone={({ status }) => done(`It is ${status} now`)}
      onClose={onClose}
    >
      <p className={classes.first}>
        <b>
          <bdi>{short(name, 120)}</bdi>
        </b>
      </p>
      {effects[to]} The platform that sends is told by webhook. Mercat sends nothing to anybody.
    </Confirm>
  )
}
