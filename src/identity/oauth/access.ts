/** What the person of an OAuth request may do at the resource it names. Asks the store once a request; decides nothing about protocol. */
import type { KoaContextWithOIDC } from 'oidc-provider'
import { type Scope, tokenScopes } from '../../core/access.ts'
import { type Access, listAccess } from '../../domain/accounts/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { type Resources, systemNameOf } from '../resources.ts'

/** The accounts a person may use at a resource now (with MCP on or off); empty for unknown, foreign and lost ones alike. */
export type AccessAt = (ctx: KoaContextWithOIDC, userId: string, indicator: string) => Promise<readonly Access[]>

export function createAccessAt(db: Db, resources: Resources): AccessAt {
  const answers = new WeakMap<KoaContextWithOIDC, Map<string, Promise<readonly Access[]>>>()
  return (ctx, userId, indicator) => {
    const known = answers.get(ctx) ?? new Map<string, Promise<readonly Access[]>>()
    answers.set(ctx, known)
    const key = `${userId} ${indicator}`
    const answer = known.get(key) ?? accessAt(db, resources, userId, indicator)
    known.set(key, answer)
    return answer
  }
}

/** The same outside a request of the provider, for the pages. */
export async function accessAt(db: Db, resources: Resources, userId: string, indicator: string): Promise<readonly Access[]> {
  const resource = resources.parse(indicator)
  return resource ? await listAccess(db, userId, systemNameOf(resource)) : []
}

/** Accounts that an assistant can work with. */
export const usable = (access: readonly Access[]) => access.filter(({ account }) => account.mcpEnabled)

/** The scopes a token of this person can carry at these accounts; which holds in which account is decided at each call. */
export function grantableScopes(access: readonly Access[]): Scope[] {
  return tokenScopes.filter((scope) => access.some(({ scopes }) => scopes.has(scope)))
}
