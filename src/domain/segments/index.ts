/** Audiences as the rest of the house uses them. */
export { audienceSizeInput, audienceSizeOutput, audienceSizeText, type AudienceSize, type AudienceSizeInput } from './answer.ts'
export { countAudience, type Asked, type Counts } from './audience.ts'
export type { CheckedRule, RuleError } from './check.ts'
export { proposeRuleInput, type ProposedRule } from './propose.ts'
export type { WordedTerm, WordedVocabulary } from './worded.ts'
export type { WholeRule } from './whole-rule.ts'
export { type AudienceQuestion, type AudienceService, createAudience, type UnderstoodRule } from './service.ts'
