/** How a draft was decided, and the steps that what was approved may take. */
import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Confirm, done, StateBadge, Time } from '../../kit/index.ts'
import type { Account, Input } from '../../server.ts'
import classes from './decision.module.css'
import type { Details, Step } from './types.ts'
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
const titled = (action: string) => action.charAt(0).toUpperCase() + action.slice(1)

export function Decided({ account, details: { draft, may } }: { account: Account; details: Details }) {
  const [step, setStep] = useState<Input<'drafts', 'changeStatus'> & Pick<Step, 'action'>>()
  const change = useChange('drafts', 'changeStatus')
  return (
    <>
      <div className={classes.words}>
        <StateBadge state={draft.status} />
        <Text size="sm" component="div" className={classes.list}>
          {draft.decision === null ? (
            'No decision is kept.'
          ) : (
            <>
              <b>{titled(draft.decision)}</b>
              {draft.decidedBy === null ? null : (
                <>
                  {' '}
                  by <bdi>{draft.decidedBy}</bdi>
                </>
              )}
              {draft.decidedAt === null ? null : (
                <>
                  {' '}
                  <Time at={draft.decidedAt} />
                </>
              )}
              {draft.reason === null ? null : (
                <>
                  : “<bdi>{draft.reason}</bdi>”
                </>
              )}
            </>
          )}
        </Text>
      </div>
      {may.steps.length > 0 ? (
        <div className={classes.buttons}>
          {may.steps.map(({ to, action }) => (
            <Button key={to} variant="default" onClick={() => setStep({ account: account.systemName, id: draft.id, from: draft.status, to, action })}>
              {titled(action)}
            </Button>
          ))}
        </div>
      ) : null}
      <Confirm
        title={`${titled(step?.action ?? '')}?`}
        action={titled(step?.action ?? '')}
        dangerous={dangerous.has(step?.to ?? '')}
        change={change}
        input={step && { account: step.account, id: step.id, from: step.from, to: step.to }}
        onDone={({ status }) => done(`It is ${status} now`)}
        onClose={() => setStep(undefined)}
      >
        <p className={classes.first}>
          <b>
            <bdi>{short(draft.name, 120)}</bdi>
          </b>
        </p>
        {effects[step?.to ?? '']} The platform that sends is told by webhook. Mercat sends nothing to anybody.
      </Confirm>
    </>
  )
}
