/** Builders as the rest of the house uses them. */
export { draftOutput, draftText, type DraftAnswer, type DraftAudience, type Warning } from './answer.ts'
export { campaignDraftInput, streamDraftInput, targetGroupDraftInput, triggerDraftInput } from './inputs.ts'
export type { Review } from './review.ts'
export type { ReviewRow } from './review/part.ts'
export { type BuildersService, createBuilders } from './service.ts'
