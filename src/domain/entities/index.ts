/** Entities as the rest of the house uses them. */
export { channelNames } from '../channels.ts'
export { recordTypes } from './records/index.gen.ts'
export { invoiceStatuses, type InvoiceLine } from './records/invoice.ts'
export { contactField, organizationDefinition, type OrganizationDetails } from './records/organization.ts'
export { defineEntityType, type EntityLink, type EntityOrigin, entityStatuses, type EntityStatus, type EntityTypeDefinition, type SightRule } from './define.ts'
export { nextSteps, type Transition, transitions } from './transitions.ts'
export { entityTypes } from './types/index.gen.ts'
export { campaignDefinition, campaignKinds, type CampaignDefinition, type CampaignKind } from './types/campaign.ts'
export { brandingDefinition } from './types/branding.ts'
export { contentProfileDefinition } from './types/content_profile.ts'
export { productConfigurationDefinition } from './types/product_configuration.ts'
export { productDefinition } from './types/product.ts'
export { targetGroupDefinition } from './types/target_group.ts'
export { themeSetDefinition } from './types/theme_set.ts'
export { webappDefinition } from './types/webapp.ts'
export { flowDefinition, type FlowDefinition } from './types/flow.ts'
export type { PromotionDefinition } from './types/promotion.ts'
export { meantOf } from './meant.ts'
export { entityRowSchema, entityType, entityTypeNames, type EntityRow, type EntityType, wordsOf } from './rows.ts'
export { streamDefinition, type StreamDefinition } from './types/stream.ts'
export { triggerDefinition, type TriggerDefinition } from './types/trigger.ts'
export { ensureCampaigns, upsertEntities, type UpsertResult } from './write.ts'
export {
  campaignsOfAccount,
  findOrganization,
  listBrands,
  listCampaigns,
  listFlows,
  listFolders,
  listHeads,
  listOrganizations,
  visibleEntities,
  type Campaign,
  type Entity,
  type EntityHead,
  type Flow,
  type Organization,
  type Sight,
} from './read.ts'
