/** The door to identity: who is asking, and the pages and endpoints where they say so. Nothing else of this folder is imported from outside. */
export type { CheckResult, Identity, IdentityOptions, Resource, Subject } from './types.ts'
