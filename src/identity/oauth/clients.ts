/** What an app may register, and which redirect URIs are let in. Pure: the one gate for registration, its changes, and metadata documents. */
import { errors } from 'oidc-provider'

/**
 * Of the assistants people use; each exact. Loopback and MERCAT_REDIRECT_URIS come besides. Where they come from:
 * - Claude: support.claude.com, "Building custom connectors".
 * - ChatGPT: OpenAI's Apps SDK guide, "Authentication": the callback of one connector (below), the one of before, and that of app review.
 * - VS Code: `fetchDynamicRegistration` in microsoft/vscode, src/vs/base/common/oauth.ts; it registers loopback with and without port 33418 in the same request.
 * - Cursor: cursor.com/docs/mcp; it registers the desktop's, the cloud agents' and http://localhost:8787/callback in one request.
 */
export const builtinRedirectUris: readonly string[] = [
  'https://claude.ai/api/mcp/auth_callback',
  'https://claude.com/api/mcp/auth_callback',
  'https://chatgpt.com/connector_platform_oauth_redirect',
  'https://platform.openai.com/apps-manage/oauth',
  'https://vscode.dev/redirect',
  'https://insiders.vscode.dev/redirect',
  'cursor://anysphere.cursor-mcp/oauth/callback',
  'https://www.cursor.com/agents/mcp/oauth/callback',
]
/** ChatGPT gives every connector a callback of its own. */
const chatgptCallback = /^https:\/\/chatgpt\.com\/connector\/oauth\/[A-Za-z0-9_-]{1,128}$/

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** http on this machine, any port (RFC 8252, 7.3). */
function isLoopback(uri: string): boolean {
  const url = URL.parse(uri)
  return url?.protocol === 'http:' && loopbackHosts.has(url.hostname)
}

/** Whether an app may register this redirect URI. */
export function redirectAllowed(uri: string, configured: readonly string[]): boolean {
  const url = URL.parse(uri)
  // `http://localhost@evil.example/` and `…#` look like an allowed URI to people and to careless parsers.
  if (!url || url.username || url.password || uri.includes('#') || uri.includes('@') || uri.length > 2000) return false
  return builtinRedirectUris.includes(uri) || chatgptCallback.test(uri) || configured.includes(uri) || isLoopback(uri)
}

/** Registered metadata that Mercat neither needs nor trusts; most of it would make the server fetch URLs or reject honest apps. */
const ignored = [
  'scope',
  'contacts',
  'jwks',
  'jwks_uri',
  'sector_identifier_uri',
  'default_acr_values',
  'default_max_age',
  'initiate_login_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'id_token_signed_response_alg',
  'subject_type',
  'require_auth_time',
] as const

const refusedRedirect = (description: string) => new errors.CustomOIDCProviderError('invalid_redirect_uri', description)

/** The metadata in oidc-provider's hands, while it checks them: changed in place. */
type Metadata = Record<string, unknown> & { redirect_uris?: unknown; client_id?: unknown; client_name?: unknown }

/**
 * Normalises and checks an app's metadata (trap 4); runs for registration, RFC 7592 changes and metadata documents alike.
 * Throws invalid_redirect_uri or invalid_client_metadata (RFC 7591, 3.2.2).
 */
export function checkClientMetadata(metadata: Metadata, configuredRedirectUris: readonly string[]): void {
  for (const name of ignored) delete metadata[name]
  const uris = metadata.redirect_uris
  if (!Array.isArray(uris) || uris.length === 0 || uris.length > 20) throw refusedRedirect('redirect_uris must have 1 to 20 members')
  for (const uri of uris as unknown[]) {
    if (typeof uri !== 'string' || !redirectAllowed(uri, configuredRedirectUris)) {
      throw refusedRedirect('a redirect_uri is not on the allowlist of this server; its operator can add it (MERCAT_REDIRECT_URIS)')
    }
  }
  // Anything that is not https can be claimed by another program on the person's machine: such an app asks for consent every time.
  metadata.application_type = (uris as string[]).every((uri) => uri.startsWith('https:')) ? 'web' : 'native'
  metadata.response_types = ['code']
  metadata.response_modes = ['query']
  if (typeof metadata.client_name === 'string')
    metadata.client_name =
      metadata.client_name
        .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
        .trim()
        .slice(0, 100) || undefined
  if (Array.isArray(metadata.grant_types)) {
    // Some apps list every grant they know; those not offered are left out rather than refused.
    metadata.grant_types = metadata.grant_types.filter((type) => type === 'authorization_code' || type === 'refresh_token')
  }
  // A metadata document cannot carry a shared secret: when it names no method it means none (the default of RFC 7591 would ask for a secret).
  if (typeof metadata.client_id === 'string' && metadata.client_id.startsWith('https://') && metadata.token_endpoint_auth_method === 'client_secret_basic') {
    metadata.token_endpoint_auth_method = 'none'
  }
}
