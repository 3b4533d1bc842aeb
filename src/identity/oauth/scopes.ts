/** The scope parameter: what is let through, and what an app gets that asks for nothing. Pure. */
import { defaultTokenScopes, isScope, tokenScopes } from '../../core/access.ts'

/** Asked for out of habit by apps that also speak OpenID Connect. Mercat gives no ID tokens; refusing them would only break those apps. */
const oidcScopes = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access'])

/** The scopes without those of OpenID Connect; undefined when nothing else was asked. */
export function withoutOidcScopes(scope: string): string | undefined {
  return (
    scope
      .split(' ')
      .filter((name) => name !== '' && !oidcScopes.has(name))
      .join(' ') || undefined
  )
}

/** Trap 5: ChatGPT and others reconnect without a scope. */
export const defaultScope = defaultTokenScopes.join(' ')

export function hasKnownScope(scope: string): boolean {
  return scope.split(' ').some((name) => isScope(name) && tokenScopes.includes(name))
}
