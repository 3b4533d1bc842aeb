/** Accounts, people and memberships: what the other layers may use. */
export {
  createAccount,
  findAccount,
  findAccountById,
  getAccount,
  listAccounts,
  type NewAccount,
  readSettings,
  setMcp,
  systemNamePattern,
  updateSettings,
} from './accounts-repository.ts'
export { type AccessChange, accessChannel, announceAccessChange, onAccessChange } from './changes-repository.ts'
export { findLink, type Invitation, type InvitationLink, listInvitations, makeLink, type PasswordLink, takeLink, withdrawInvitation } from './links-repository.ts'
export { type Access, type AccessRow, accessOf, addMember, listAccess, listMembers, type Member, type MemberChange, removeMember, setMember } from './members-repository.ts'
export { dashboardClient, dashboardPrincipal } from './principal.ts'
export { type AccountSettings, accountSettingsSchema } from './settings.ts'
export { authenticate, createUser, findUser, findUserByEmail, getUserByEmail, listUsers, setPassword, setUserDisabled, type User } from './users-repository.ts'
