/** The dialog before an approval: exactly what happens, and what does not. */
import { useChange } from '../../api.ts'
import { Confirm, done, exact } from '../../kit/index.ts'
import { useZone } from '../../session.ts'
import type { Input } from '../../server.ts'
import classes from './decision.module.css'
import type { Details } from './types.ts'
import { short, typeWords } from './words.ts'

/** What was seen when the button was pressed. */
export type Approval = Input<'drafts', 'approve'>

interface ApproveProps {
  readonly details: Details
  readonly approval: Approval | undefined
  readonly onClose: () => void
  readonly reload: () => void
}

export function Approve({ details: { draft, readiness }, approval, onClose, reload }: ApproveProps) {
  const approve = useChange('drafts', 'approve')
  const zone = useZone()
  const scheduled = approval?.start === 'scheduled' && readiness.startsAt !== null ? exact(new Date(readiness.startsAt), zone) : undefined
  const what = typeWords[draft.type].one.toLowerCase()
  return (
    <Confirm
      title={scheduled === undefined ? `Activate this ${what}?` : `Schedule this ${what}?`}
      action={scheduled === undefined ? 'Approve and activate' : 'Approve and schedule'}
      dangerous={false}
      change={approve}
      input={approval}
      onDone={({ status }) => done(status === 'active' ? 'Approved: it is active now' : 'Approved: it starts at its time')}
      onClose={() => {
        onClose()
        // Where it was refused, something has changed.
        if (approve.error) reload()
      }}
    >
      <p className={classes.first}>
        <b>
          <bdi>{short(draft.name, 120)}</bdi>
        </b>
        , version {approval?.revision}
      </p>
      <ul className={classes.what}>
        <li>{scheduled === undefined ? 'It becomes active.' : `It becomes active on ${scheduled}. Until then it can be taken back.`}</li>
        {readiness.parts.map(({ id, type, name }) => (
          <li key={id}>
            With it the {type.replaceAll('_', ' ')} <bdi>{short(name, 80)}</bdi>.
          </li>
        ))}
        <li>The platform that sends is told by webhook.</li>
        <li>Mercat sends nothing to anybody.</li>
      </ul>
    </Confirm>
  )
}
