/** Spells the parameters of an authorization request canonically before oidc-provider reads them. Refuses nothing: that needs the checked redirect URI. */
import type { Resources } from '../resources.ts'
import { withoutOidcScopes } from './scopes.ts'

/** Parameters that mean something only to an ID token. Apps that also speak OpenID Connect send them; oidc-provider refuses them without the openid scope. */
const oidcParameters = new Set(['nonce', 'claims', 'claims_locales', 'acr_values', 'id_token_hint'])

/** The same request with each `resource` in its canonical form and nothing of OpenID Connect; every other parameter, doubled ones too, is left as it came. */
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
    } else if (!oidcParameters.has(name)) out.append(name, value)
  }
  return `${path}?${out.toString()}`
}
