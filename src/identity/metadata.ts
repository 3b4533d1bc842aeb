/** What clients discover: RFC 8414 and RFC 9728 documents. Pure: says the same for every well-formed account, existing or not. */
import { defaultTokenScopes, tokenScopes } from '../core/access.ts'
import { resourceOfPath, type Resources } from './resources.ts'

const authorizationServer = '/.well-known/oauth-authorization-server'
const protectedResource = '/.well-known/oauth-protected-resource'

/** The document of a well-known path, path-aware for every resource; undefined for any other path. */
export function metadataOf(pathname: string, resources: Resources): Record<string, unknown> | undefined {
  if (pathname === authorizationServer) return authorizationServerMetadata(resources.origin)
  // Older clients ask for the authorization server under the path of the MCP endpoint; there is one for all.
  if (pathname.startsWith(`${authorizationServer}/`)) return resourceOfPath(pathname.slice(authorizationServer.length)) && authorizationServerMetadata(resources.origin)
  if (!pathname.startsWith(`${protectedResource}/`)) return undefined
  const resource = resourceOfPath(pathname.slice(protectedResource.length))
  return (
    resource && {
      resource: resources.url(resource),
      authorization_servers: [resources.origin],
      // Minimal: what an assistant needs to read. The rest is asked for when an operation needs it.
      scopes_supported: defaultTokenScopes,
      bearer_methods_supported: ['header'],
      resource_name: 'Mercat',
    }
  )
}

function authorizationServerMetadata(origin: string): Record<string, unknown> {
  const clientAuthentication = ['none', 'client_secret_basic', 'client_secret_post']
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    revocation_endpoint: `${origin}/revoke`,
    introspection_endpoint: `${origin}/introspect`,
    jwks_uri: `${origin}/jwks`,
    scopes_supported: tokenScopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: clientAuthentication,
    revocation_endpoint_auth_methods_supported: clientAuthentication,
    introspection_endpoint_auth_methods_supported: clientAuthentication,
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  }
}
