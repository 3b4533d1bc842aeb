/** Organizations, what belongs to them and what they are billed, and the product catalog. */
import { clientReportInput, statementsInput } from '../../../domain/billing/index.ts'
import {
  dailyOrdersInput,
  funnelInput,
  listOrganizationsInput,
  looksInput,
  onboardingInput,
  optInsInput,
  organizationCampaignsInput,
  performanceInput,
  productCatalogInput,
  webappsInput,
} from '../../../domain/organizations/index.ts'
import { account, type ApiCall, query } from '../define.ts'

type Call = Pick<ApiCall<unknown>, 'at'>
const organizations = async ({ at }: Call, name: string) => (await at(name)).services.organizations
const billing = async ({ at }: Call, name: string) => (await at(name)).services.billing

export default {
  list: query({
    input: listOrganizationsInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).list(asked),
  }),
  /** Which one it is, and how far its onboarding is. */
  one: query({
    input: onboardingInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).onboarding(asked),
  }),
  contact: query({
    input: onboardingInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).contact(asked),
  }),
  campaigns: query({
    input: organizationCampaignsInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).campaigns(asked),
  }),
  performance: query({
    input: performanceInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).performance(asked, call.signal),
  }),
  dailyOrders: query({
    input: dailyOrdersInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).dailyOrders(asked, call.signal),
  }),
  optIns: query({
    input: optInsInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).optIns(asked, call.signal),
  }),
  webapps: query({
    input: webappsInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).webapps(asked),
  }),
  content: query({
    input: looksInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).content(asked),
  }),
  branding: query({
    input: looksInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).branding(asked),
  }),
  themeSets: query({
    input: looksInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).themeSets(asked),
  }),
  funnel: query({
    input: funnelInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).funnel(asked, call.signal),
  }),
  statements: query({
    input: statementsInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await billing(call, name)).statements(asked),
  }),
  clientReport: query({
    input: clientReportInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await billing(call, name)).clientReport(asked),
  }),
  products: query({
    input: productCatalogInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await organizations(call, name)).products(asked),
  }),
}
