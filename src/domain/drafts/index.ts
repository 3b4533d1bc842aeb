/** Drafts as the rest of the house uses them. */
export { type DraftType, draftTypes } from './drafts-repository.ts'
export type { Change } from './diff.ts'
export { expireDrafts, expireDraftsJob, startScheduled, startScheduledJob } from './jobs.ts'
export type { DraftDetails, DraftList, DraftListed } from './read.ts'
export { createDrafts, type DraftsService } from './service.ts'
