/** An account's sources: who may deliver data, what came and waits to be loaded, what was set aside. How a platform's requests are read is ingest's business. */
export type { Admitted, Delivery, Door } from './door.ts'
export { type Frame, missingSettings, openFrame, openSettings, packFrame, placeOf, type Seals } from './frame.ts'
export { accountsWaiting, type Backlog, backlogOf, bytesWaiting, deleteDelivered, type Delivered, insertDelivered, oldestOf, type Waiting } from './inbox-repository.ts'
export { type KnownTypes, listStreams, type Stream } from './gather.ts'
export { behindMs, type SettingListed, type SourceListed, type SourceState, type TypeListed, typeListed } from './listed.ts'
export type { SourceAdded, SourceChanges, SourceDetail, SourcesService } from './contract.ts'
export { withLoadLock } from './lock-repository.ts'
export { createSources, type SourceHouse } from './service.ts'
export {
  addVolume,
  asideReasons,
  type Came,
  type DayVolume,
  deleteExpiredAside,
  deleteOldVolumes,
  insertSetAside,
  keptDays,
  type NewSetAside,
  volumesByDay,
  wholeRequest,
} from './set-aside-repository.ts'
export { campaignRuleSchema, sourceNameSchema } from './settings.ts'
export { formerRules } from './former.ts'
export { everySource, findByKey, findSource, movePull, rulesOf, sourcesOf, sourcesOfTypes, type SourceRow, updateSource } from './sources-repository.ts'
export type { CampaignRule, Connection, SetupPlace, SetupStep, SourceSettings, SourceType } from './type.ts'
