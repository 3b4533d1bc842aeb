/** Spells the parameters of an authorization request canonically before oidc-provider reads them. Refuses nothing: that needs the checked redirect URI. */
import type { Resources } from '../resources.ts'
import { withoutOidcScopes } from './scopes.ts'

/** The same request with each `resource` in its canonical form and no OpenID Connect scopes; every other parameter, doubled ones too, is left as it came. */
export function canonicalAuthorizeUrl(url: string, resources: Resources): string {
  const [path = '', query = ''] = url.split(/\?(.*)/s)
  const given = new URLSearchParams(query)
  const out = new URLSearchParams()
  for (const [name, value] of given) {
    if (name === 'resource') {
      const resource = resources.parse(value)
      out.append(name, resource ? resources.url(resource) : value)
    } else if (name === 'scope') {
      const scope = withoutOidcScopes(value)
      if (scope !== undefined) out.append(name, scope)
    } else out.append(name, value)
  }
  return `${path}?${out.toString()}`
}
