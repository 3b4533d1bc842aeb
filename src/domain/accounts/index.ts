/** Accounts, people and memberships: what the other layers may use. */
export { createAccount, findAccount, findAccountById, getAccount, listAccounts, type NewAccount, readSettings, setMcp, systemNamePattern, updateSettings } from './accounts.ts'
export { type AccessChange, accessChannel, announceAccessChange, onAccessChange } from './changes.ts'
export { type Access, type AccessRow, accessOf, addMember, listAccess, listMembers, type Member, type MemberChange, removeMember, setMember } from './members.ts'
export { type AccountSettings, accountSettingsSchema } from './settings.ts'
export { authenticate, createUser, findUser, findUserByEmail, getUserByEmail, listUsers, setPassword, setUserDisabled, type User } from './users.ts'
