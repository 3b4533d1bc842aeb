/** The shapes of the Organizations page, as the API gives them. */
import type { Account, Output } from '../../server.ts'

export type OrganizationRow = Output<'organizations', 'list'>['organizations'][number]
export type Onboarding = Output<'organizations', 'one'>
export type Campaign = Output<'organizations', 'campaigns'>['campaigns'][number]
export type Performance = Output<'organizations', 'performance'>
export type Webapp = Output<'organizations', 'webapps'>['webapps'][number]
export type Branding = Output<'organizations', 'branding'>['rows'][number]
export type Content = Output<'organizations', 'content'>['rows'][number]
export type ThemeSet = Output<'organizations', 'themeSets'>['rows'][number]
export type Invoice = Output<'organizations', 'statements'>['invoices'][number]
export type ClientReport = Output<'organizations', 'clientReport'>

/** One organization, for the parts of its page. */
export interface PartProps {
  readonly account: Account
  readonly organizationId: string
}
