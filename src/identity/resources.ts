/** The protected resources and their names: one per account URL, and /mcp. Pure; asks no store whether an account exists. */
import { systemNamePattern } from '../domain/accounts/index.ts'
import type { Resource } from './types.ts'

export interface Resources {
  readonly origin: string
  /** The resource indicator (RFC 8707) of a resource: the URL of its MCP endpoint. */
  readonly url: (resource: Resource) => string
  /** The URL of its RFC 9728 document. */
  readonly metadataUrl: (resource: Resource) => string
  /**
   * The resource an indicator means, whatever its spelling (case of the host, default port, one slash at the end, the query that narrows tools); undefined for any other URL.
   * Some apps send the URL as the person typed it, `?read_only=1` included: the query is not part of what a token is good for.
   */
  readonly parse: (indicator: string) => Resource | undefined
}

/** The resource of a path under the origin; undefined for any other path. An account's existence is not asked: unknown and foreign ones look the same. */
export function resourceOfPath(pathname: string): Resource | undefined {
  const path = pathname.replace(/^\//, '').replace(/\/$/, '')
  if (path === 'mcp') return 'mcp'
  return path.startsWith('c/') && systemNamePattern.test(path.slice(2)) ? (path as Resource) : undefined
}

/** The system name in c/{account}; undefined for mcp. */
export function systemNameOf(resource: Resource): string | undefined {
  return resource === 'mcp' ? undefined : resource.slice(2)
}

export function createResources(origin: string): Resources {
  return {
    origin,
    url: (resource) => `${origin}/${resource}`,
    metadataUrl: (resource) => `${origin}/.well-known/oauth-protected-resource/${resource}`,
    parse: (indicator) => {
      if (indicator.length > 300) return undefined
      const url = URL.parse(indicator)
      if (!url || url.origin !== origin || url.username || url.password || indicator.includes('#')) return undefined
      return resourceOfPath(url.pathname)
    },
  }
}
