/** Who is calling: the person, their role and scopes here, and what of the account they see. Says nothing of anybody else. */
import { z } from 'zod'
import { isRestricted, type Principal, roleTable, type Scope, tokenScopes } from '../../core/access.ts'
import { label } from '../../core/match.ts'
import { inline } from '../../core/text.ts'
import { findUser, listAccess } from '../accounts/index.ts'
import { listBrands, listOrganizations } from '../entities/index.ts'
import type { Stores } from '../stores.ts'

/** Organizations and brands that are named one by one. */
const mostNamed = 50

const named = z.object({ id: z.string(), name: z.string() })
const some = z.object({ count: z.int(), all: z.boolean(), named: z.array(named) })

export const userInput = z.strictObject({})
export const userOutput = z.object({
  user: z.object({ id: z.string(), name: z.string() }),
  account: z.object({ systemName: z.string(), name: z.string(), timeZone: z.string(), currency: z.string(), toolsets: z.array(z.string()) }),
  role: z.string(),
  scopes: z.array(z.string()),
  couldAsk: z.array(z.string()).describe('Scopes the person holds and this connection was not given'),
  organizations: some.describe('all: no restriction'),
  brands: some,
})
export type UserAnswer = z.output<typeof userOutput>

export async function whoIs({ db }: Pick<Stores, 'db'>, principal: Principal): Promise<UserAnswer> {
  const { account, userId } = principal
  const [access] = await listAccess(db, userId, account.systemName)
  const person = await findUser(db, userId)
  const organizations = await listOrganizations(db, principal)
  const brands = await listBrands(db, principal)
  const listed = (all: readonly { id: string; name: string }[], whole: boolean): z.output<typeof some> => ({
    count: all.length,
    all: whole,
    named: all.slice(0, mostNamed).map(({ id, name }) => ({ id, name })),
  })
  const role = principal.operator ? 'Platform operator' : access && access.role !== 'super_admin' ? roleTable[access.role].title : 'Member'
  return {
    user: { id: userId, name: person?.name ?? userId },
    account: { systemName: account.systemName, name: account.name, timeZone: account.timeZone, currency: account.currency, toolsets: [...account.toolsets] },
    role,
    scopes: ordered(principal.scopes),
    couldAsk: ordered(principal.grantable).filter((scope) => !principal.scopes.has(scope)),
    organizations: listed(organizations, principal.organizations === null),
    brands: listed(brands, !isRestricted(principal)),
  }
}

/** In the order of the table; those of the dashboard alone say nothing about what an app may do. */
const ordered = (scopes: ReadonlySet<Scope>): Scope[] => tokenScopes.filter((scope) => scopes.has(scope))

export function userText({ user, account, role, scopes, couldAsk, organizations, brands }: UserAnswer): string {
  const names = ({ count, all, named: list }: UserAnswer['brands'], what: string) => {
    const shown = list.map(({ id, name }) => `${inline(label(name))} (${id})`).join(', ')
    return `${what}: ${all ? `all (${count})` : `only ${count}`}${shown ? `: ${shown}${count > list.length ? `, and ${count - list.length} more` : ''}` : ''}`
  }
  return [
    `${inline(label(user.name))} (${user.id}), ${role} of ${inline(label(account.name))} (${account.systemName}, ${account.timeZone}, ${account.currency})`,
    `Scopes: ${scopes.join(', ') || 'none'}${couldAsk.length ? `. Not given to this connection: ${couldAsk.join(', ')}; sign in again to grant them` : ''}`,
    names(organizations, 'Organizations'),
    names(brands, 'Brands'),
    `Toolsets: ${account.toolsets.join(', ')}`,
  ].join('\n')
}
