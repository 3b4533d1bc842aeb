/** The members of an account as a table, with the ways to change and remove one. */
import { ActionIcon, Badge, Group, Menu, Text, Tooltip } from '@mantine/core'
import { IconDots, IconPencil, IconUserMinus } from '@tabler/icons-react'
import { useRef } from 'react'
import { Records } from '../../kit/index.ts'
import type { Scope } from '../../server.ts'
import type { AccessValues } from './access.ts'
import type { Member, Members } from './types.ts'

interface MembersTableProps {
  readonly members: Members
  readonly shown: readonly Member[]
  /** The id of the signed-in person. */
  readonly self: string
  readonly onChange: (member: Member) => void
  readonly onRemove: (member: Member) => void
}

export function MembersTable({ members, shown, self, onChange, onRemove }: MembersTableProps) {
  return (
    <Records
      label="Members"
      rows={shown}
      keyOf={({ userId }) => userId}
      faded={({ disabled }) => disabled}
      columns={[
        {
          title: 'Person',
          quiet: true,
          cell: ({ userId, name, email }) => (
            <>
              <Group gap={8}>
                <Text size="sm" fw={600} component="span">
                  {name}
                </Text>
                {userId === self && (
                  <Badge size="sm" component="span">
                    you
                  </Badge>
                )}
              </Group>
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {email}
              </Text>
            </>
          ),
        },
        { title: 'Role', cell: (member) => <RoleCell members={members} access={member} /> },
        { title: 'Sees', cell: (member) => <Sees members={members} member={member} /> },
        { title: 'Comes from', cell: ({ source }) => (source === 'directory' ? 'Directory group' : 'Added here') },
        {
          title: 'State',
          cell: ({ disabled }) => (
            <Badge size="sm" color={disabled ? 'red' : 'teal'}>
              {disabled ? 'Disabled' : 'Active'}
            </Badge>
          ),
        },
        {
          title: 'Actions',
          quiet: true,
          end: true,
          cell: (member) => members.may.manage && <Actions member={member} self={member.userId === self} onChange={onChange} onRemove={onRemove} />,
        },
      ]}
    />
  )
}

function Actions({ member, self, onChange, onRemove }: Pick<MembersTableProps, 'onChange' | 'onRemove'> & { member: Member; self: boolean }) {
  const button = useRef<HTMLButtonElement>(null)
  // A dialog gives the focus back to where it was: to the button that stays, not to the menu that is gone by then.
  const choose = (act: (member: Member) => void) => () => {
    button.current?.focus()
    act(member)
  }
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon ref={button} variant="subtle" color="gray" aria-label={`Actions for ${member.name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!self && (
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={choose(onChange)}>
            Change role and scopes
          </Menu.Item>
        )}
        <Menu.Item color="red" leftSection={<IconUserMinus size={16} aria-hidden />} onClick={choose(onRemove)}>
          {self ? 'Leave the account' : 'Remove'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** The role, and how many single scopes differ from it; which ones, on demand. */
export function RoleCell({ members, access: { role, scopesAdded, scopesRemoved } }: { members: Members; access: Pick<AccessValues, 'role' | 'scopesAdded' | 'scopesRemoved'> }) {
  const title = members.roles.find((one) => one.role === role)?.title ?? role
  return (
    <Group gap={6} wrap="wrap" display="inline-flex">
      <span>{title}</span>
      <Scopes members={members} scopes={scopesAdded} sign="+" color="teal" what="Added" />
      <Scopes members={members} scopes={scopesRemoved} sign="−" color="red" what="Removed" />
    </Group>
  )
}

function Scopes({ members, scopes, sign, color, what }: { members: Members; scopes: readonly Scope[]; sign: string; color: string; what: string }) {
  if (scopes.length === 0) return null
  const words = scopes.map((scope) => members.scopes.find((one) => one.scope === scope)?.words ?? scope).join('; ')
  return (
    <Tooltip label={`${what}: ${words}`} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      <Badge size="sm" color={color} tabIndex={0} aria-label={`${what}: ${words}`} role="note">
        {sign}
        {scopes.length}
      </Badge>
    </Tooltip>
  )
}

function Sees({ members, member: { organizations, brands } }: { members: Members; member: Member }) {
  const names = (ids: readonly string[], all: Members['brands']) => ids.map((id) => all.find((one) => one.id === id)?.name ?? id)
  const only = [...names(organizations, members.organizations), ...names(brands, members.brands)]
  return only.length === 0 ? 'Everything' : `Only ${only.join(', ')}`
}
