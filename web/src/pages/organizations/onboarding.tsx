/** The onboarding of an organization as a checklist, and the step that comes next: who takes it, and with what. */
import { Badge, Progress, Text } from '@mantine/core'
import { IconCircleCheckFilled, IconCircleDashed, IconCircleMinus, IconFlagCheck, IconRobot, IconUser } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Card, CopyField, Day, Section } from '../../kit/index.ts'
import classes from './onboarding.module.css'
import type { Onboarding } from './types.ts'

const signs = { done: IconCircleCheckFilled, open: IconCircleDashed, not_needed: IconCircleMinus }
const words = { done: 'Done', open: 'Open', not_needed: 'Not needed' }

export function OnboardingSection({ onboarding: { steps, done, of, nextStep } }: { onboarding: Onboarding }) {
  return (
    <Section title="Onboarding">
      <div className={classes.both}>
        <Card>
          <div className={classes.head}>
            <b>
              {done} of {of} steps done
            </b>
            <Progress value={(100 * done) / of} color={done === of ? 'teal' : 'mercat'} aria-label={`${done} of ${of} steps done`} className={classes.bar} />
          </div>
          <ol className={classes.steps}>
            {steps.map((step) => (
              <Step key={step.step} step={step} next={step === steps.find(({ state }) => state === 'open')} />
            ))}
          </ol>
        </Card>
        <Card>
          <Next step={nextStep} />
        </Card>
      </div>
    </Section>
  )
}

function Step({ step: { title, state, date, doneBy, by }, next }: { step: Onboarding['steps'][number]; next: boolean }) {
  const Sign = signs[state]
  return (
    <li className={classes.step} data-state={state} data-next={next || undefined}>
      <Sign size={20} className={classes.sign} role="img" aria-label={words[state]} />
      <div className={classes.words}>
        <span className={classes.what}>{title}</span>{' '}
        {by === 'platform' ? (
          <Badge size="sm" color="gray" component="span">
            Your platform’s
          </Badge>
        ) : null}
        <div className={classes.when}>
          {state === 'open' ? (
            next ? (
              'Next'
            ) : (
              'Open'
            )
          ) : date !== undefined ? (
            <Day at={date} />
          ) : doneBy !== undefined ? (
            <>
              By <Day at={doneBy} /> at the latest
            </>
          ) : (
            words[state]
          )}
        </div>
      </div>
    </li>
  )
}

function Next({ step }: { step: Onboarding['nextStep'] }) {
  if (!step) {
    return (
      <NextHead icon={IconFlagCheck} title="Everything is set up">
        Every step is done. What comes in from now on is shown below.
      </NextHead>
    )
  }
  const what = step.what.charAt(0).toUpperCase() + step.what.slice(1)
  if (step.tool === undefined) {
    return (
      <NextHead icon={IconUser} title="Next, a person’s step">
        {what}{' '}
        {step.link === undefined ? null : (
          <Link to="." hash="campaigns">
            To the campaigns
          </Link>
        )}
      </NextHead>
    )
  }
  return (
    <>
      <NextHead icon={IconRobot} title="Next, an assistant’s step">
        {what} Paste this to a connected assistant; with <code>validateOnly</code> it only checks, and says what is missing.
      </NextHead>
      <CopyField block label="Tool call" value={`${step.tool} ${JSON.stringify(step.arguments ?? {}, null, 2)}`} />
    </>
  )
}

function NextHead({ icon: Sign, title, children }: { icon: typeof IconUser; title: string; children: ReactNode }) {
  return (
    <div className={classes.next}>
      <Sign size={22} className={classes.nextSign} aria-hidden />
      <div className={classes.words}>
        <Text fw={620} component="h3" m={0} size="md">
          {title}
        </Text>
        <Text size="sm" c="dimmed" component="div" mt={2}>
          {children}
        </Text>
      </div>
    </div>
  )
}
