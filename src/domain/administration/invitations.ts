/** Accepting an invitation: whoever holds the link may use it once. Nobody becomes a member by an address alone. */
import { type Account, type Role, roleTable } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import {
  announceAccessChange,
  createUser,
  findAccountById,
  findLink,
  findUser,
  findUserByEmail,
  insertMember,
  type InvitationLink,
  lockMembers,
  takeLink,
  type User,
} from '../accounts/index.ts'
import { recordEvent } from '../audit/index.ts'
import type { Stores } from '../stores.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { stillInvites } from './rights.ts'

/** What the page of an invitation says. */
export interface InvitationFacts {
  readonly email: string
  readonly account: Pick<Account, 'id' | 'name' | 'systemName'>
  readonly role: Role
  readonly roleTitle: string
  /** Who invites; undefined: an operator at the command line. */
  readonly inviter: Pick<User, 'name' | 'email'> | undefined
  /** Somebody with this address exists: they join by signing in, and nobody else does. */
  readonly known: boolean
}

/** Who joins: the person who is signed in, or a new one who makes themselves known. */
export type Joining = { readonly userId: string } | { readonly name: string; readonly password: string }

export interface Invitations {
  /** undefined alike for links that are unknown, used, withdrawn, too old, or from somebody who could not invite so any more. */
  readonly find: (token: string) => Promise<InvitationFacts | undefined>
  /**
   * Uses the link up and makes the membership, both or neither. undefined as in `find`.
   * Throws invalid_arguments for a name or password that will not do, conflict for a member or for a new person whose address is taken, not_allowed for somebody else's invitation.
   */
  readonly accept: (token: string, joining: Joining) => Promise<{ user: User; account: Account } | undefined>
}

export function createInvitations({ db, clock }: Pick<Stores, 'db' | 'clock'>): Invitations {
  return {
    find: async (token) => {
      const good = await goodLink(db, await findLink(db, 'invitation', token, clock()))
      if (!good) return undefined
      const { link, account } = good
      return {
        email: link.email,
        account,
        role: link.role,
        roleTitle: roleTable[link.role].title,
        inviter: link.createdBy === null ? undefined : await findUser(db, link.createdBy),
        known: (await findUserByEmail(db, link.email)) !== undefined,
      }
    },

    accept: async (token, joining) => {
      const accepted = await db.transaction().execute(async (transaction) => {
        const found = await findLink(transaction, 'invitation', token, clock())
        if (!found) return undefined
        // In the order of every change of members (the account, then the link), so that two never wait for each other.
        await lockMembers(transaction, found.accountId)
        const good = await goodLink(transaction, await takeLink(transaction, 'invitation', token, clock()))
        if (!good) return undefined
        const { link, account } = good
        const user = await joiningUser(transaction, link, joining)
        const { role, scopesAdded, scopesRemoved, organizations, brands } = link
        const membership = { role, scopesAdded: [...scopesAdded], scopesRemoved: [...scopesRemoved], organizations: [...organizations], brands: [...brands] }
        await insertMember(transaction, account.id, user.id, membership)
        const detail = { invitation: link.id, invitedBy: link.createdBy, email: user.email, ...membership }
        await recordEvent(transaction, clock, { accountId: account.id, event: 'member.joined', userId: user.id, clientId: 'dashboard', detail })
        return { user, account }
      })
      if (accepted) await announceAccessChange(db, { account: accepted.account.id, user: accepted.user.id })
      return accepted
    },
  }
}

async function goodLink(db: DbOrTransaction, link: InvitationLink | undefined): Promise<{ link: InvitationLink; account: Account } | undefined> {
  const account = link && (await findAccountById(db, link.accountId))
  return account && (await stillInvites(db, account, link)) ? { link, account } : undefined
}

async function joiningUser(transaction: DbOrTransaction, { email, createdBy }: InvitationLink, joining: Joining): Promise<User> {
  if (!('userId' in joining)) {
    // Whoever holds the link may join, but the inviter held it too: only an operator's word makes the address theirs.
    const inviter = createdBy === null ? undefined : await findUser(transaction, createdBy)
    const addressProved = createdBy === null || inviter?.isSuperAdmin === true
    return await createUser(transaction, { email, name: joining.name, password: joining.password, addressProved })
  }
  const user = await findUser(transaction, joining.userId)
  if (!user || user.disabled || user.email.toLowerCase() !== email.toLowerCase()) throw new MercatError('not_allowed', `This invitation is for ${email}`)
  return user
}
