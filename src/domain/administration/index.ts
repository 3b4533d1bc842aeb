/** Administering an account: members, invitations, settings. Above accounts, audit, entities and facts, which know nothing of it. */
export { createInvitations, type InvitationFacts, type Invitations, type Joining } from './invitations.ts'
export { createMembers, type Invited, type MembersList, type MembersService, type NewMember } from './members.ts'
export { type Actor, commandLine } from './rights.ts'
export { type Changes, createSettings, type Recount, type SettingsOfAccount, type SettingsService } from './settings.ts'
