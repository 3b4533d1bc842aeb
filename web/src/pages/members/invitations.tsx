/** Invitations that nobody has followed yet, and withdrawing one. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Confirm, done, Records, Section, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { RoleCell } from './table.tsx'
import type { Invitation, Members } from './types.ts'

export function Invitations({ account, members }: { account: Account; members: Members }) {
  const [leaving, setLeaving] = useState<Invitation>()
  const withdraw = useChange('members', 'withdraw')
  if (members.invitations.length === 0) return null
  return (
    <Section title="Open invitations" description="A link works once. Whoever lost it needs a new invitation; the old link then no longer works.">
      <Records
        label="Open invitations"
        rows={members.invitations}
        keyOf={({ id }) => id}
        columns={[
          { title: 'E-mail', cell: ({ email }) => <b>{email}</b> },
          { title: 'Role', cell: (invitation) => <RoleCell members={members} access={invitation} /> },
          { title: 'Invited by', cell: ({ createdBy }) => createdBy?.name ?? 'Command line' },
          { title: 'Ends', cell: ({ expiresAt }) => <Time at={expiresAt} /> },
          {
            title: 'Actions',
            quiet: true,
            end: true,
            cell: (invitation) =>
              members.may.manage && (
                <Button variant="default" size="xs" onClick={() => setLeaving(invitation)} aria-label={`Withdraw the invitation of ${invitation.email}`}>
                  Withdraw
                </Button>
              ),
          },
        ]}
      />
      <Confirm
        title="Withdraw the invitation?"
        action="Withdraw"
        change={withdraw}
        input={leaving && { account: account.systemName, id: leaving.id }}
        onDone={() => done(`The invitation of ${leaving?.email} is withdrawn`)}
        onClose={() => setLeaving(undefined)}
      >
        The link that {leaving?.email} has stops working at once. You can invite them again.
      </Confirm>
    </Section>
  )
}
