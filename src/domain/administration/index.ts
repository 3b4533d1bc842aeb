/** Administering an account: members, invitations, settings. Above accounts, audit, entities and facts, which know nothing of it. */
export { createInvitations, type Joining } from './invitations.ts'
export { createMembers, type MembersList, type MembersService } from './members.ts'
export { commandLine } from './rights.ts'
export { type Changes, createSettings, type Recount, type SettingsService } from './settings.ts'
