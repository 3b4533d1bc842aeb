/** Accounts, people and memberships: what the other layers may use. */
export {
  type AccountChange,
  createAccount,
  findAccount,
  findAccountById,
  getAccount,
  listAccounts,
  parseAccountChange,
  readSettings,
  type SettingsChange,
  setMcp,
  systemNamePattern,
  updateAccount,
  updateSettings,
  writeMcp,
  writeSettings,
} from './accounts-repository.ts'
export { type AccessChange, accessChannel, announceAccessChange, onAccessChange } from './changes-repository.ts'
export { type DirectoryChanges, type DirectoryMembership, existingAccounts, syncDirectory } from './directory-repository.ts'
export {
  findLink,
  type InvitationLink,
  linkPath,
  listInvitations,
  makeLink,
  type OpenInvitation,
  purgeLinks,
  takeLink,
  withdrawInvitation,
  withdrawInvitationsTo,
} from './links-repository.ts'
export {
  type Access,
  type AccessRow,
  accessOf,
  addMember,
  deleteMember,
  insertMember,
  listAccess,
  listMembers,
  lockMembers,
  type Member,
  type MemberChange,
  noMember,
  parseMemberChange,
  removeMember,
  setMember,
  updateMember,
} from './members-repository.ts'
export { dashboardClient, dashboardPrincipal, gatewayScopes } from './principal.ts'
export { hasGrant, leaveGrants } from './grants-repository.ts'
export { type AccountSettings, accountSettingsSchema, type CustomerAttribute, defaultGoal, type Goal, orderStatuses } from './settings.ts'
export {
  authenticate,
  createUser,
  findPasswordLink,
  findUser,
  findUserByEmail,
  getUserByEmail,
  isAddressProved,
  isPassword,
  listUsers,
  newPasswordByLink,
  newPasswordLink,
  passwordMark,
  proveAddress,
  replacePassword,
  removeFactors,
  setPassword,
  setUserDisabled,
  signOutEverywhere,
  type User,
} from './users-repository.ts'
