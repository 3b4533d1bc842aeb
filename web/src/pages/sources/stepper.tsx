/** Where somebody is in the three steps of adding a source; steps that can be gone back to are buttons. */
import { IconCheck } from '@tabler/icons-react'
import classes from './stepper.module.css'

export type StepNumber = 1 | 2 | 3

const titles: readonly (readonly [StepNumber, string])[] = [
  [1, 'Choose'],
  [2, 'Connect'],
  [3, 'Test'],
]

interface StepperProps {
  readonly at: StepNumber
  /** Undefined: that step cannot be gone to now. */
  readonly onGo: (step: StepNumber) => (() => void) | undefined
}

export function Stepper({ at, onGo }: StepperProps) {
  return (
    <nav aria-label="Steps">
      <ol className={classes.steps}>
        {titles.map(([step, title]) => (
          <li key={step} className={classes.step} data-state={step < at ? 'done' : step === at ? 'current' : 'ahead'}>
            <Mark step={step} title={title} at={at} go={onGo(step)} />
          </li>
        ))}
      </ol>
    </nav>
  )
}

function Mark({ step, title, at, go }: { step: StepNumber; title: string; at: StepNumber; go: (() => void) | undefined }) {
  const inside = (
    <>
      <span className={classes.number} aria-hidden>
        {step < at ? <IconCheck size={15} stroke={2.4} /> : step}
      </span>
      <span className={classes.title}>{title}</span>
    </>
  )
  if (step === at || !go)
    return (
      <span className={classes.mark} {...(step === at ? { 'aria-current': 'step' as const } : {})}>
        {inside}
      </span>
    )
  return (
    <button type="button" className={classes.mark} onClick={go}>
      {inside}
    </button>
  )
}
