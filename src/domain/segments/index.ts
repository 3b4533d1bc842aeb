/** Audiences as the rest of the house uses them. */
export { audienceSizeInput, audienceSizeOutput, audienceSizeText, type AudienceSize, type AudienceSizeInput } from './answer.ts'
export { countAudience, type Asked, type Counts } from './audience.ts'
export { type AudienceQuestion, type AudienceService, createAudience, type UnderstoodRule } from './service.ts'
