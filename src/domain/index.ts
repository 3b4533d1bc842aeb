/** What the edge, the catalog and the CLI may use of the domain: services bound to a principal. */
import type { Principal } from '../core/access.ts'
import { createMembers, createSettings, type MembersService, type Recount, type SettingsService } from './administration/index.ts'
import { recount } from './facts/index.ts'
import { readSettings } from './accounts/index.ts'
import { type AuditService, createAudit } from './audit/index.ts'
import { createExplorer, type ExplorerService } from './explorer/index.ts'
import { type BillingService, createBilling } from './billing/index.ts'
import { createDrafts, type DraftsService } from './drafts/index.ts'
import { type BuildersService, createBuilders } from './builders/index.ts'
import { createKnowledge, type KnowledgeService } from './knowledge/index.ts'
import { createHealth, createJobs, type HealthService, type JobsService } from './operations/index.ts'
import { createOrganizations, type Installation, type OrganizationsService } from './organizations/index.ts'
import { createReports, type ReportsService } from './reports/index.ts'
import { type AudienceService, createAudience } from './segments/index.ts'
import { createSources, type SourceHouse, type SourcesService } from './sources/index.ts'
import type { Stores } from './stores.ts'
import { createWebhooks, type Sender, type WebhooksService } from './webhooks/index.ts'

export type { Stores } from './stores.ts'

/** The services a tool or a dashboard call gets, bound to its principal. */
export interface Services {
  readonly reports: ReportsService
  readonly audience: AudienceService
  readonly audit: AuditService
  readonly members: MembersService
  readonly settings: SettingsService
  readonly jobs: JobsService
  readonly health: HealthService
  readonly knowledge: KnowledgeService
  readonly explorer: ExplorerService
  readonly organizations: OrganizationsService
  readonly billing: BillingService
  readonly drafts: DraftsService
  readonly builders: BuildersService
  readonly webhooks: WebhooksService
  readonly sources: SourcesService
}

export type BindServices = (principal: Principal) => Services

export interface ServicesOptions extends Partial<Installation> {
  /** Default: at once, and a change of settings waits for it. */
  readonly recountLater?: Recount
  /** Default: there is no server that could send, and endpoints cannot be added. */
  readonly sender?: Sender
  /** Default: there is no server that could take deliveries, and sources cannot be seen. */
  readonly sourceHouse?: SourceHouse
}

/** All services on these stores. Binding is cheap: it opens and reads nothing. */
export function createServices(stores: Stores, options: ServicesOptions = {}): BindServices {
  const {
    origin = '',
    toolPrefix,
    googleAnalytics,
    googleProperties,
    sender,
    sourceHouse,
    recountLater = async (accountId) => void (await recount(stores, accountId, 'Settings changed')),
  } = options
  const reports = createReports(stores)
  const audience = createAudience(stores)
  const members = createMembers(stores)
  const settings = createSettings(stores, recountLater)
  const jobs = createJobs(stores)
  const health = createHealth(stores, sourceHouse)
  const knowledge = createKnowledge(stores)
  const explorer = createExplorer(stores)
  const organizations = createOrganizations(stores, reports, { origin, toolPrefix, googleAnalytics, googleProperties })
  const billing = createBilling(stores)
  const drafts = createDrafts(stores)
  const builders = createBuilders(stores, audience, { origin, toolPrefix })
  const webhooks = createWebhooks(stores, sender)
  const sources = createSources(stores, sourceHouse)
  const audit = createAudit(stores, async (accountId) => (await readSettings(stores.db, accountId)).retentionDays)
  return (principal) => ({
    reports: reports(principal),
    audience: audience(principal),
    audit: audit(principal),
    members: members(principal),
    settings: settings(principal),
    jobs: jobs(principal),
    health: health(principal),
    knowledge: knowledge(principal),
    explorer: explorer(principal),
    organizations: organizations(principal),
    billing: billing(principal),
    drafts: drafts(principal),
    builders: builders(principal),
    webhooks: webhooks(principal),
    sources: sources(principal),
  })
}
