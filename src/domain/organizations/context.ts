/** What the services of this domain are made from, and the addresses of their pages in the dashboard. Types and pure helpers only. */
import type { Account } from '../../core/access.ts'
import type { GoogleAnalytics } from './funnel/google-analytics.ts'

export interface Installation {
  /** What people and clients see, without a trailing slash; empty: links are paths. */
  readonly origin: string
  /** Of the deployment, before every tool's name. */
  readonly toolPrefix?: string | undefined
  /** Set where the installation has credentials. */
  readonly googleAnalytics?: GoogleAnalytics | undefined
  /** The properties that an account may read, by its system name, as the operator says: the credentials are the installation's, and reach those of others too. */
  readonly googleProperties?: Readonly<Record<string, readonly string[]>> | undefined
}

/** A tool as clients know it. */
export const toolOf = ({ toolPrefix = '' }: Pick<Installation, 'toolPrefix'>, name: string): string => toolPrefix + name

/** The page of an organization, or one of its parts. */
export function linkTo({ origin }: Installation, account: Account, organizationId: string, part?: 'campaigns' | 'webapps' | 'billing' | 'artwork'): string {
  return `${origin}/a/${account.systemName}/organizations/${organizationId}${part === undefined ? '' : `#${part}`}`
}
