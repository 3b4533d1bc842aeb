/** An account's sources: who may deliver data, what came and waits to be loaded, what was set aside. How a platform's requests are read is ingest's business. */
export type { CampaignRule, Connection, SetupPlace, SetupStep, SourceSettings, SourceType } from './type.ts'
