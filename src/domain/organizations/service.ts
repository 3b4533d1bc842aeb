/** The organizations service, bound to a principal: who may see or make what is decided in each of its parts, whoever calls. */
import type { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import type { ReportsService } from '../reports/index.ts'
import type { Stores } from '../stores.ts'
import { type OrganizationCampaigns, organizationCampaigns, type organizationCampaignsInput } from './campaigns.ts'
import { type Contact, contactOf } from './contact.ts'
import type { Installation } from './context.ts'
import { type CreatedCampaign, createCampaign, type createCampaignInput } from './create-campaign.ts'
import { type CreatedOrganization, createOrganization, type createOrganizationInput } from './create-organization.ts'
import { type DailyOrders, dailyOrders, type dailyOrdersInput, dailyOrdersQuestion } from './daily-orders.ts'
import { createFunnels, type FunnelReader } from './funnel.ts'
import { type listOrganizationsInput, organizationList, type OrganizationList } from './list.ts'
import { type BrandingList, brandingList, type ContentList, contentList, type looksInput, type ThemeSetList, themeSetList } from './looks.ts'
import { type Completions, namesLike, type NameKind } from './names.ts'
import { type Onboarding, onboarding, type onboardingInput } from './onboarding.ts'
import { optInBreakdown, type OptIns, type optInsInput, optInsQuestion } from './opt-ins.ts'
import { type Performance, performance, type performanceInput, performanceQuestion } from './performance.ts'
import { type ProductCatalog, productCatalog, type productCatalogInput } from './product-catalog.ts'
import { type ProductSetup, type productSetupInput, setUpProducts } from './product-setup.ts'
import { type UserAnswer, whoIs } from './user.ts'
import { type Webapps, webapps, type webappsInput } from './webapps.ts'

type Of<Schema extends z.ZodType> = z.output<Schema>

/** All throw `organization_not_found` or `campaign_not_found` for what is unknown or hidden, and `missing_scopes`. */
export interface OrganizationsService extends FunnelReader {
  readonly user: () => Promise<UserAnswer>
  readonly list: (input: Of<typeof listOrganizationsInput>) => Promise<OrganizationList>
  readonly onboarding: (input: Of<typeof onboardingInput>) => Promise<Onboarding>
  /** For the dashboard alone: throws `not_allowed` for an app. */
  readonly contact: (input: Of<typeof onboardingInput>) => Promise<Contact>
  readonly campaigns: (input: Of<typeof organizationCampaignsInput>) => Promise<OrganizationCampaigns>
  readonly webapps: (input: Of<typeof webappsInput>) => Promise<Webapps>
  readonly content: (input: Of<typeof looksInput>) => Promise<ContentList>
  readonly branding: (input: Of<typeof looksInput>) => Promise<BrandingList>
  readonly themeSets: (input: Of<typeof looksInput>) => Promise<ThemeSetList>
  readonly products: (input: Of<typeof productCatalogInput>) => Promise<ProductCatalog>
  readonly performance: (input: Of<typeof performanceInput>, signal?: AbortSignal) => Promise<Performance>
  readonly dailyOrders: (input: Of<typeof dailyOrdersInput>, signal?: AbortSignal) => Promise<DailyOrders>
  readonly optIns: (input: Of<typeof optInsInput>, signal?: AbortSignal) => Promise<OptIns>
  /** Rows of facts that each of them would read. */
  readonly costs: {
    readonly performance: (input: Of<typeof performanceInput>, signal?: AbortSignal) => Promise<number>
    readonly dailyOrders: (input: Of<typeof dailyOrdersInput>, signal?: AbortSignal) => Promise<number>
    readonly optIns: (input: Of<typeof optInsInput>, signal?: AbortSignal) => Promise<number>
  }
  readonly create: (input: Of<typeof createOrganizationInput>) => Promise<CreatedOrganization>
  readonly createCampaign: (input: Of<typeof createCampaignInput>) => Promise<CreatedCampaign>
  readonly setUpProducts: (input: Of<typeof productSetupInput>) => Promise<ProductSetup>
  /** Names that go on from what was typed, for completing arguments. */
  readonly names: (kind: NameKind, typed: string) => Promise<Completions>
}

export function createOrganizations(stores: Stores, reports: (principal: Principal) => ReportsService, installation: Installation): (principal: Principal) => OrganizationsService {
  return (principal) => {
    const figures = reports(principal)
    return {
      ...createFunnels(stores, principal, installation),
      user: async () => await whoIs(stores, principal),
      list: async (input) => await organizationList(stores, principal, input, installation),
      onboarding: async ({ organizationId }) => await onboarding(stores, principal, organizationId, installation),
      contact: async ({ organizationId }) => await contactOf(stores, principal, organizationId),
      campaigns: async (input) => await organizationCampaigns(stores, principal, input, installation),
      webapps: async (input) => await webapps(stores, principal, input, installation),
      content: async (input) => await contentList(stores, principal, input, installation),
      branding: async (input) => await brandingList(stores, principal, input, installation),
      themeSets: async (input) => await themeSetList(stores, principal, input, installation),
      products: async (input) => await productCatalog(stores, principal, input),
      performance: async (input, signal) => await performance(stores, figures, principal, input, signal),
      dailyOrders: async (input, signal) => await dailyOrders(stores, figures, principal, input, signal),
      optIns: async (input, signal) => await optInBreakdown(stores, figures, principal, input, signal),
      costs: {
        performance: async (input, signal) => await figures.cost.orders((await performanceQuestion(stores.db, principal, input)).question, signal),
        dailyOrders: async (input, signal) => await figures.cost.orders((await dailyOrdersQuestion(stores, principal, input)).question, signal),
        optIns: async (input, signal) => await figures.cost.orders((await optInsQuestion(stores.db, principal, input)).question, signal),
      },
      create: async (input) => await createOrganization(stores, principal, input, installation),
      createCampaign: async (input) => await createCampaign(stores, principal, input, installation),
      setUpProducts: async (input) => await setUpProducts(stores, principal, input, installation),
      names: async (kind, typed) => await namesLike(stores, principal, kind, typed),
    }
  }
}
