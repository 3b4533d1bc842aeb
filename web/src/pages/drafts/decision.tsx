/** The decision on a draft, where it is always in sight: what it would do, what keeps it from being approved, and the buttons of those who may. */
import { Button, Text } from '@mantine/core'
import { IconCalendarClock, IconCheck, IconLock, IconX } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { exact } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { Approve, type Approval } from './approve.tsx'
import classes from './decision.module.css'
import { Decided } from './decided.tsx'
import { Reject } from './reject.tsx'
import { StepDialog, type StepTaken } from './step-dialog.tsx'
import type { Details } from './types.ts'

interface DecisionProps {
  readonly account: Account
  readonly details: Details
  /** Changes that are not saved: nobody decides on what is not stored. */
  readonly unsaved: number
  readonly reload: () => void
}

/** The dialogs stay while what is behind them changes with the answer. */
export function Decision({ account, details, unsaved, reload }: DecisionProps) {
  const { draft, may } = details
  const [approval, setApproval] = useState<Approval>()
  const [rejecting, setRejecting] = useState<number>()
  const [step, setStep] = useState<StepTaken>()
  const open = draft.decision === null && draft.status === 'draft'
  return (
    <section className={classes.bar} aria-label="Decision">
      {!open ? (
        <Decided details={details} onStep={(taken) => setStep({ account: account.systemName, id: draft.id, from: draft.status, ...taken })} />
      ) : may.decide ? (
        <Deciding
          account={account}
          details={details}
          unsaved={unsaved}
          onApprove={(start) => setApproval({ account: account.systemName, id: draft.id, revision: draft.revision, start })}
          onReject={() => setRejecting(draft.revision)}
        />
      ) : (
        <div className={classes.words}>
          <IconLock size={18} aria-hidden className={classes.sign} />
          <Text size="sm" component="div">
            It waits for a decision. Owners, account managers and marketers of {account.name} approve or reject it: whoever may <code>approve:drafts</code>.
          </Text>
        </div>
      )}
      <Approve details={details} approval={approval} onClose={() => setApproval(undefined)} reload={reload} />
      <Reject account={account} draft={draft} revision={rejecting} onClose={() => setRejecting(undefined)} reload={reload} />
      <StepDialog name={draft.name} step={step} onClose={() => setStep(undefined)} />
    </section>
  )
}

interface DecidingProps extends Omit<DecisionProps, 'reload'> {
  readonly onApprove: (start: Approval['start']) => void
  readonly onReject: () => void
}

function Deciding({ account, details, unsaved, onApprove, onReject }: DecidingProps) {
  const { startsAt, blockers } = details.readiness
  return (
    <>
      <div className={classes.words}>
        <Waiting details={details} unsaved={unsaved} />
      </div>
      <div className={classes.buttons}>
        <Button variant="default" leftSection={<IconX size={16} aria-hidden />} onClick={onReject}>
          Reject…
        </Button>
        {blockers.length > 0 || unsaved > 0 ? null : (
          <>
            <Button variant={startsAt === null ? 'filled' : 'default'} leftSection={<IconCheck size={16} aria-hidden />} onClick={() => onApprove('now')}>
              Approve and activate
            </Button>
            {startsAt === null ? null : (
              <Button leftSection={<IconCalendarClock size={16} aria-hidden />} onClick={() => onApprove('scheduled')} classNames={{ label: classes.label, root: classes.tall }}>
                Approve and schedule for {exact(new Date(startsAt), account.timeZone)}
              </Button>
            )}
          </>
        )}
      </div>
    </>
  )
}

function Waiting({ details: { readiness, draft }, unsaved }: Pick<DecisionProps, 'details' | 'unsaved'>): ReactNode {
  if (readiness.blockers.length > 0) {
    return (
      <div className={classes.list}>
        <Text size="sm" fw={620}>
          It cannot be approved yet
        </Text>
        <ul>
          {readiness.blockers.map((blocker) => (
            <li key={blocker}>
              <bdi>{blocker}</bdi>
            </li>
          ))}
        </ul>
      </div>
    )
  }
  if (unsaved > 0) {
    return (
      <Text size="sm" component="div">
        <b>Save or discard your {unsaved === 1 ? 'change' : 'changes'} first.</b> Only what is stored can be approved.
      </Text>
    )
  }
  return (
    <Text size="sm" component="div" className={classes.list}>
      <b>It waits for your decision.</b>{' '}
      {readiness.parts.length > 0
        ? `With it: ${readiness.parts.map(({ type }) => type.replaceAll('_', ' ')).join(', ')}.`
        : `You decide on version ${draft.revision}, as it stands here.`}
    </Text>
  )
}
