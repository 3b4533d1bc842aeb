/** What to do at the platform, step by step, with the texts to take along. */
import { Text } from '@mantine/core'
import { CopyField, Step, Steps } from '../../kit/index.ts'
import classes from './setup.module.css'
import type { SetupStep } from './types.ts'

/** How the server writes what it does not show again, also within an address. */
const hidden = /•••|%E2%80%A2/i

export function SetupSteps({ steps }: { steps: readonly SetupStep[] }) {
  return (
    <Steps>
      {steps.map(({ title, text, copy = [] }, index) => (
        <Step key={title} number={index + 1} title={title}>
          <Text size="sm">{text}</Text>
          {copy.map(({ label, value }) => (
            <div key={label}>
              <Text size="xs" c="dimmed" fw={600} mb={4}>
                {label}
              </Text>
              {hidden.test(value) ? <Hidden value={value} /> : <CopyField label={label} value={value} block={value.length > 120} />}
            </div>
          ))}
        </Step>
      ))}
    </Steps>
  )
}

/** It cannot be copied: that it looks like an address must not tempt anybody to paste it. */
function Hidden({ value }: { value: string }) {
  return <div className={classes.hidden}>{value.replace(/(%E2%80%A2)+/gi, '•••')}</div>
}
