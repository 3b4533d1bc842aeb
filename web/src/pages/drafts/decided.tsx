/** How a draft was decided, and the steps that what was approved may take. */
import { Button, Text } from '@mantine/core'
import { StatusBadge, Time } from '../../kit/index.ts'
import classes from './decision.module.css'
import { titled } from './step-dialog.tsx'
import type { Details, Step } from './types.ts'

export function Decided({ details: { draft, may }, onStep }: { details: Details; onStep: (step: Step) => void }) {
  return (
    <>
      <div className={classes.words}>
        <StatusBadge status={draft.status} />
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
            <Button key={to} variant="default" onClick={() => onStep({ to, action })}>
              {titled(action)}
            </Button>
          ))}
        </div>
      ) : null}
    </>
  )
}
