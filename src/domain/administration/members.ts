/** Members of an account and invitations to it, bound to who asks. Every change is judged and written in one transaction, audited, and acts on the next call. */
import { z } from 'zod'
import { type Actor, requireScopes, roles, roleTable, type Role, type Scope, scopes, scopeTable } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { nearest } from '../../core/text.ts'
import {
  announceAccessChange,
  dashboardClient,
  deleteMember,
  getUserByEmail,
  insertMember,
  isAddressProved,
  listInvitations,
  listMembers,
  lockMembers,
  makeLink,
  type Member,
  type MemberChange,
  noMember,
  type OpenInvitation,
  parseMemberChange,
  updateMember,
  withdrawInvitation,
  withdrawInvitationsTo,
} from '../accounts/index.ts'
import { recordEvent } from '../audit/index.ts'
import { listBrands, listOrganizations } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { differences } from './differences.ts'
import { assertMayTurn, mayMakeOwners, type Membership, type Rights, rightsNow, stillInvites } from './rights.ts'

export interface Invited extends Membership {
  readonly id: string
  readonly email: string
  readonly createdAt: string
  readonly expiresAt: string
  /** null: an operator at the command line. */
  readonly createdBy: { readonly name: string; readonly email: string } | null
}

export interface MembersList {
  readonly members: readonly Member[]
  readonly invitations: readonly Invited[]
  readonly roles: readonly { readonly role: Role; readonly title: string; readonly scopes: readonly Scope[] }[]
  readonly scopes: readonly { readonly scope: Scope; readonly words: string; readonly dashboardOnly: boolean }[]
  /** What a member can be restricted to by this person. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[]
  readonly brands: readonly { readonly id: string; readonly name: string }[]
  readonly may: { readonly manage: boolean; readonly makeOwners: boolean }
}

export type NewMember = MemberChange & { readonly email: string; readonly role: string }

export interface MembersService {
  readonly list: () => Promise<MembersList>
  /** A one-time link for who holds it; it is told here and nowhere else. An open invitation of the same address ends. Throws conflict for a member. */
  readonly invite: (given: NewMember) => Promise<{ token: string; expiresAt: string }>
  readonly withdraw: (id: string) => Promise<void>
  readonly change: (userId: string, change: MemberChange) => Promise<void>
  /** Removes a member; oneself: leaves, which everybody may. */
  readonly remove: (userId: string) => Promise<void>
  /** Makes a person who exists a member without asking them: for the command line, which proves nothing about an address. */
  readonly add: (given: NewMember) => Promise<void>
}

export function createMembers(stores: Stores): (actor: Actor) => MembersService {
  const { db, clock } = stores
  return (actor) => {
    const { account, userId: self, clientId } = actor
    const by = { accountId: account.id, userId: self, clientId }

    /** Judges and writes with nobody in between. */
    const change = async <Result>(work: (transaction: DbOrTransaction, rights: Rights) => Promise<Result>) => {
      requireScopes(actor, 'manage:members')
      return await db.transaction().execute(async (transaction) => {
        await lockMembers(transaction, account.id)
        return await work(transaction, await rightsNow(transaction, actor))
      })
    }

    return {
      list: async () => {
        requireScopes(actor, 'manage:members')
        const rights = await rightsNow(db, actor)
        const invitations: Invited[] = []
        for (const invitation of await listInvitations(db, account.id, clock())) if (await stillInvites(db, account, invitation)) invitations.push(invitedOf(invitation))
        const named = (list: readonly { id: string; name: string }[]) => list.map(({ id, name }) => ({ id, name }))
        return {
          members: await listMembers(db, account.id),
          invitations,
          roles: roles.map((role) => ({ role, title: roleTable[role].title, scopes: roleTable[role].scopes })),
          scopes: scopes.map((scope) => ({ scope, ...scopeTable[scope] })),
          organizations: named(await listOrganizations(db, actor)),
          brands: named(await listBrands(db, actor)),
          may: { manage: true, makeOwners: mayMakeOwners(rights) },
        }
      },

      invite: async ({ email: given, ...membership }) => {
        const email = addressOf(given)
        return await change(async (transaction, rights) => {
          const after = turned(nobody, membership)
          await assertKnown(transaction, actor, nobody, after)
          assertMayTurn(rights, undefined, after)
          const members = await listMembers(transaction, account.id)
          if (members.some((member) => member.email.toLowerCase() === email.toLowerCase())) {
            throw new MercatError('conflict', `${email} is a member of the account already`, { argument: 'email', hint: 'Change their role and scopes instead.' })
          }
          const now = clock()
          // A new invitation takes the place of an open one: only for those who may withdraw that one.
          for (const open of await listInvitations(transaction, account.id, now)) if (open.email.toLowerCase() === email.toLowerCase()) assertMayTurn(rights, open, undefined)
          await withdrawInvitationsTo(transaction, account.id, email)
          const { id, token, expiresAt } = await makeLink(transaction, 'invitation', { accountId: account.id, email, ...after }, self, now)
          await recordEvent(transaction, clock, { ...by, event: 'member.invited', detail: { invitation: id, email, ...after } })
          return { token, expiresAt: expiresAt.toISOString() }
        })
      },

      withdraw: (id) =>
        change(async (transaction, rights) => {
          const invitation = await withdrawInvitation(transaction, account.id, id)
          if (!invitation) throw new MercatError('not_found', 'There is no such open invitation', { hint: 'It was used or withdrawn, or is too old.' })
          assertMayTurn(rights, invitation, undefined)
          await recordEvent(transaction, clock, { ...by, event: 'invitation.withdrawn', detail: { invitation: id, email: invitation.email } })
        }),

      change: async (userId, given) => {
        await change(async (transaction, rights) => {
          const { member: before, others } = await memberOf(transaction, account.id, userId)
          if (userId === self) throw new MercatError('not_allowed', 'Nobody changes their own membership', { hint: 'Ask another owner of the account, or a platform operator.' })
          const after = turned(before, given)
          const changes = differences(before, after, fields)
          if (Object.keys(changes).length === 0) return
          // Owners are made and unmade by people, whoever gives the other roles; a sign-in leaves an owner alone (directory-repository.ts).
          if (before.source === 'directory' && changes.role && before.role !== 'owner' && after.role !== 'owner') {
            throw new MercatError('conflict', `The role of ${before.email} comes from a group of the external sign-in provider`, {
              argument: 'role',
              hint: 'Change the groups of the person there. Scopes, organizations and brands can be changed here.',
            })
          }
          await assertKnown(transaction, actor, before, after)
          assertMayTurn(rights, before, after)
          if (self !== null) assertLed({ ...before, ...after }, before, others)
          await updateMember(transaction, account.id, userId, given)
          await recordEvent(transaction, clock, { ...by, event: 'member.changed', detail: { person: userId, email: before.email, changes } })
        })
        await announceAccessChange(db, { account: account.id, user: userId })
      },

      remove: async (userId) => {
        // Leaving is for the person themselves, not for an app that speaks for them.
        if (userId !== self || clientId !== dashboardClient) requireScopes(actor, 'manage:members')
        await db.transaction().execute(async (transaction) => {
          await lockMembers(transaction, account.id)
          const rights = userId === self ? undefined : await rightsNow(transaction, actor)
          const { member, others } = await memberOf(transaction, account.id, userId)
          if (rights) assertMayTurn(rights, member, undefined)
          if (self !== null) assertLed(undefined, member, others)
          await deleteMember(transaction, account.id, userId)
          await recordEvent(transaction, clock, { ...by, event: 'member.removed', detail: { person: userId, email: member.email, role: member.role } })
        })
        await announceAccessChange(db, { account: account.id, user: userId })
      },

      add: async ({ email, ...membership }) => {
        if (self !== null) throw new MercatError('not_allowed', 'People are invited by a link', { hint: 'Invite the address instead.' })
        const user = await getUserByEmail(db, email)
        await change(async (transaction) => {
          if (!(await isAddressProved(transaction, user.id))) {
            throw new MercatError('conflict', `Nobody has proved yet that ${user.email} is theirs: they joined another account by an invitation that its members could open too`, {
              hint: `Send them a link for a new password first (mercat user reset ${user.email}): it proves the address, and ends what others may have set up.`,
            })
          }
          const after = turned(nobody, membership)
          await assertKnown(transaction, actor, nobody, after)
          await insertMember(transaction, account.id, user.id, membership)
          await withdrawInvitationsTo(transaction, account.id, user.email)
          await recordEvent(transaction, clock, { ...by, event: 'member.added', detail: { person: user.id, email: user.email, ...after } })
        })
        await announceAccessChange(db, { account: account.id, user: user.id })
      },
    }
  }
}

const addressSchema = z.string().trim().pipe(z.email().max(254))

function addressOf(given: string): string {
  const { data } = addressSchema.safeParse(given)
  if (data === undefined) throw new MercatError('invalid_arguments', 'email: must be an e-mail address', { argument: 'email' })
  return data
}

/** What a new membership starts from; its role is always given. */
const nobody: Membership = { role: 'read_only', scopesAdded: [], scopesRemoved: [], organizations: [], brands: [] }

/** Throws unknown_value for a role or scope that does not exist. */
function turned(before: Membership, given: MemberChange): Membership {
  const change = parseMemberChange(given)
  return {
    role: change.role ?? before.role,
    scopesAdded: change.scopesAdded ?? before.scopesAdded,
    scopesRemoved: change.scopesRemoved ?? before.scopesRemoved,
    organizations: change.organizations ?? before.organizations,
    brands: change.brands ?? before.brands,
  }
}

const fields = ['role', 'scopesAdded', 'scopesRemoved', 'organizations', 'brands'] as const

async function memberOf(db: DbOrTransaction, accountId: string, userId: string): Promise<{ member: Member; others: Member[] }> {
  const members = await listMembers(db, accountId)
  const member = members.find((one) => one.userId === userId)
  if (!member) throw noMember()
  return { member, others: members.filter((one) => one !== member) }
}

/** An owner who can act as one. */
const leads = (member: Member) => member.role === 'owner' && !member.disabled && !member.scopesRemoved.includes('manage:members')

/** Without an owner nobody of the account could ever change its members again. Throws conflict. */
function assertLed(after: Member | undefined, before: Member, others: readonly Member[]): void {
  if (!leads(before) || (after && leads(after)) || others.some(leads)) return
  throw new MercatError('conflict', `${before.email} is the last owner of the account`, { hint: 'Make somebody else an owner first.' })
}

/** What is newly named must exist where the actor sees it; what a member had may stay. Throws unknown_value with the nearest. */
async function assertKnown(db: DbOrTransaction, actor: Actor, before: Membership, after: Membership): Promise<void> {
  for (const [kind, list] of [
    ['organizations', listOrganizations],
    ['brands', listBrands],
  ] as const) {
    const added = after[kind].filter((id) => !before[kind].includes(id))
    if (added.length === 0) continue
    const known = await list(db, actor)
    const wrong = added.find((id) => !known.some((one) => one.id === id))
    if (wrong === undefined) continue
    const near = nearest(wrong, new Set(known.flatMap(({ id, name }) => [id, name])))
    throw new MercatError('unknown_value', `There is no ${kind.slice(0, -1)} "${wrong.slice(0, 60)}"`, {
      argument: kind,
      value: wrong.slice(0, 60),
      nearest: known.filter(({ id, name }) => near.includes(id) || near.includes(name)).map(({ id, name }) => `${id} (${name})`),
      hint: `Send ids of ${kind}.`,
    })
  }
}

function invitedOf({ id, email, role, scopesAdded, scopesRemoved, organizations, brands, createdAt, expiresAt, inviter }: OpenInvitation): Invited {
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() }
  return { id, email, role, scopesAdded, scopesRemoved, organizations, brands, ...times, createdBy: inviter }
}
