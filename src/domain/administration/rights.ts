/** Who administers an account, and what they may give and touch at this moment. Judges only; writes nothing. */
import { type Account, type Actor, memberScopes, missingScopes, requireScopes, type Scope, scopes, unrestricted } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { type Access, listAccess, type Member } from '../accounts/index.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'

export function commandLine(account: Account): Actor {
  return { account, userId: null, clientId: 'cli', scopes: new Set(scopes), operator: true, ...unrestricted }
}

export type Rights = Pick<Access, 'role' | 'scopes' | 'organizations' | 'brands'>

/** What a membership gives, or an invitation to one will. */
export type Membership = Pick<Member, 'role' | 'scopesAdded' | 'scopesRemoved' | 'organizations' | 'brands'>

/**
 * What the actor may do, read anew: of two who take each other's rights at once, the second has none left.
 * @param db the transaction that holds the lock of the account's members. Throws missing_scopes, or not_found for who is no member any more
 */
export async function rightsNow(db: DbOrTransaction, actor: Pick<Actor, 'userId' | 'account'>): Promise<Rights> {
  if (actor.userId === null) return { role: 'super_admin', scopes: new Set(scopes), ...unrestricted }
  const [access] = await listAccess(db, actor.userId, actor.account.systemName)
  if (!access) throw new MercatError('not_found', `There is no account "${actor.account.systemName}" that you belong to`)
  requireScopes(access, 'manage:members')
  return access
}

const leads = (role: Rights['role']) => role === 'owner' || role === 'super_admin'
export const mayMakeOwners = (rights: Pick<Rights, 'role'>): boolean => leads(rights.role)

/**
 * Whether a membership may become another one, undefined standing for none. Throws not_allowed or missing_scopes:
 * owners are made and unmade by owners; nobody gives what they do not hold; a restricted manager manages only who is restricted within their own restriction.
 */
export function assertMayTurn(rights: Rights, before: Membership | undefined, after: Membership | undefined): void {
  if ((before?.role === 'owner' || after?.role === 'owner') && !mayMakeOwners(rights)) {
    throw new MercatError('not_allowed', 'Only an owner makes, changes or removes owners', { hint: 'Ask an owner of the account, or a platform operator.' })
  }
  const had = before ? effective(before) : new Set<Scope>()
  const given = after ? [...effective(after)].filter((scope) => !had.has(scope)) : []
  const missing = missingScopes(rights, given)
  if (missing.length) {
    throw new MercatError('missing_scopes', `Missing required scopes: ${missing.join(', ')}`, {
      scopes: missing,
      hint: 'Nobody can give scopes that they do not hold themselves. Choose another role, or remove these scopes from it.',
    })
  }
  for (const membership of [before, after]) if (membership) assertWithin(rights, membership)
}

const effective = ({ role, scopesAdded, scopesRemoved }: Membership) => memberScopes(role, scopesAdded, scopesRemoved)

function assertWithin(rights: Rights, membership: Membership): void {
  for (const kind of ['organizations', 'brands'] as const) {
    const own = rights[kind]
    const theirs = membership[kind]
    if (own && (theirs.length === 0 || theirs.some((id) => !own.includes(id)))) {
      throw new MercatError('not_allowed', `You are restricted to some ${kind}, so you manage only people who are restricted to ${kind} among yours`, {
        argument: kind,
        hint: `Choose ${kind} among yours, or ask an owner.`,
      })
    }
  }
}

/** Whether who made an invitation could still make it: somebody who was removed must not come back by one they left behind. */
export async function stillInvites(db: DbOrTransaction, account: Account, invitation: Membership & { readonly createdBy: string | null }): Promise<boolean> {
  try {
    assertMayTurn(await rightsNow(db, { userId: invitation.createdBy, account }), undefined, invitation)
    return true
  } catch (error) {
    if (error instanceof MercatError && ['not_found', 'not_allowed', 'missing_scopes'].includes(error.code)) return false
    throw error
  }
}
