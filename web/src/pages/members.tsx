/** Members and roles: who belongs to the account and what they may do, invitations, and what the roles mean. */
import { Button, TextInput } from '@mantine/core'
import { IconSearch, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import { useApi } from '../api.ts'
import { Empty, Loading, Page, Problem, Section } from '../kit/index.ts'
import { definePage } from '../page.ts'
import { useSession } from '../session.ts'
import type { Account } from '../server.ts'
import { ChangeMember, RemoveMember } from './members/change.tsx'
import { Invitations } from './members/invitations.tsx'
import { Invite } from './members/invite.tsx'
import { Roles } from './members/roles.tsx'
import { MembersTable } from './members/table.tsx'
import type { Member, Members } from './members/types.ts'

/** From this many members on, a filter helps. */
const many = 5

function MembersPage({ account }: { account: Account }) {
  const { data, error, refetch } = useApi('members', 'list', { account: account.systemName })
  const [inviting, setInviting] = useState(false)
  return (
    <Page
      wide
      title="Members and roles"
      description={`Who belongs to ${account.name}, and what each person may do here and through assistants.`}
      actions={
        data?.may.manage && (
          <Button leftSection={<IconUserPlus size={17} aria-hidden />} onClick={() => setInviting(true)}>
            Invite a person
          </Button>
        )
      }
    >
      {data ? (
        <>
          <MembersSection account={account} members={data} />
          <Invitations account={account} members={data} />
          <Roles members={data} />
          <Invite account={account} members={data} opened={inviting} onClose={() => setInviting(false)} />
        </>
      ) : error ? (
        <Problem error={error} retry={refetch} what="The members" />
      ) : (
        <Loading rows={5} height={56} what="the members" />
      )}
    </Page>
  )
}

function MembersSection({ account, members }: { account: Account; members: Members }) {
  const { user } = useSession()
  const [wanted, setWanted] = useState('')
  const [changing, setChanging] = useState<Member>()
  const [removing, setRemoving] = useState<Member>()
  const text = wanted.trim().toLowerCase()
  const titleOf = new Map(members.roles.map(({ role, title }) => [role, title]))
  const shown = members.members.filter(({ name, email, role }) => [name, email, titleOf.get(role) ?? role].some((value) => value.toLowerCase().includes(text)))
  return (
    <Section
      title={`${members.members.length} ${members.members.length === 1 ? 'member' : 'members'}`}
      actions={
        members.members.length >= many && (
          <TextInput
            value={wanted}
            onChange={({ currentTarget }) => setWanted(currentTarget.value)}
            leftSection={<IconSearch size={16} aria-hidden />}
            placeholder="Name, e-mail or role"
            aria-label="Find a member"
            type="search"
            w={{ base: '100%', xs: 260 }}
          />
        )
      }
    >
      {members.members.length === 0 ? (
        <Empty icon={IconUsers} title="Nobody belongs to this account yet">
          You see it as an operator. Invite its first owner.
        </Empty>
      ) : shown.length === 0 ? (
        <Empty
          icon={IconSearch}
          title="No member matches"
          action={
            <Button variant="default" onClick={() => setWanted('')}>
              Show all
            </Button>
          }
        >
          Nobody here has “{wanted}” in the name, e-mail or role.
        </Empty>
      ) : (
        <MembersTable members={members} shown={shown} self={user.id} onChange={setChanging} onRemove={setRemoving} />
      )}
      <ChangeMember account={account} members={members} member={changing} onClose={() => setChanging(undefined)} />
      <RemoveMember account={account} member={removing} self={removing?.userId === user.id} onClose={() => setRemoving(undefined)} />
    </Section>
  )
}

export default definePage({ path: 'members', title: 'Members', icon: IconUsers, group: 'account', order: 20, place: 'account', needs: 'manage:members', component: MembersPage })
