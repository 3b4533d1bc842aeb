/** Writing entities as the rest of the house does it: once, as drafts, and by the table of steps. */
export { type Days, daysOf } from './days.ts'
export { slugOf } from './keys.ts'
export { type NextStep, nextStepSchema, nextStepText } from './next-step.ts'
export { madeBefore, once, writeArguments, type WriteCall } from './once.ts'
export { draftDays, fingerprintOf, insertProposal, lockDraft, type Proposal } from './proposals-repository.ts'
export { assertSeesMade, insertRows, type NewRow, newRow } from './rows.ts'
export { changeStatus, draftsByKey, lockAccount, lockDefinition, nameTaken, writeDefinition } from './rows-repository.ts'
export { writeKeysJob } from './write-keys.ts'
