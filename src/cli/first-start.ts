/** What the very first start makes: the demo account and its people. Their passwords are shown once and kept in one file that only the operator can read. */
import { randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account, Role } from '../core/access.ts'
import { addMember, createAccount, createUser, listAccounts, listUsers, setMcp } from '../domain/accounts/index.ts'
import type { Stores } from '../domain/index.ts'

export const demoAccount = 'demo'

/** One of each kind of person, to try what each may see. example.com can never receive mail (RFC 2606). */
const people: { email: string; name: string; role: Role | 'super_admin' }[] = [
  { email: 'admin@example.com', name: 'Avery Admin', role: 'super_admin' },
  { email: 'owner@example.com', name: 'Olivia Owner', role: 'owner' },
  { email: 'marketer@example.com', name: 'Milan Marketer', role: 'marketer' },
  { email: 'analyst@example.com', name: 'Ana Analyst', role: 'analyst' },
  { email: 'reader@example.com', name: 'Robin Reader', role: 'read_only' },
]

export interface FirstPeople {
  readonly account: Account
  readonly file: string
  /** As shown and kept: one person a line. */
  readonly lines: readonly string[]
}

/** Makes the demo account with MCP on and its people, when the store has no account and no person yet; undefined when it has. */
export async function makeFirstPeople({ db }: Stores, dataFolder: string): Promise<FirstPeople | undefined> {
  if ((await listAccounts(db)).length > 0 || (await listUsers(db)).length > 0) return undefined
  const file = join(dataFolder, 'first-passwords.txt')
  const passwords = people.map(() => newPassword())
  const lines = people.map(({ email, role }, index) => `${email.padEnd(24)}${(passwords[index] ?? '').padEnd(22)}${role.replace('_', ' ')}`)
  const text = `Made at the first start. Change them with \`mercat user password <email>\`, then delete this file.\n\n${lines.join('\n')}\n`
  // The file first: a process that dies between the two leaves a file to overwrite, never people whose passwords nobody knows.
  await writeFile(file, text, { mode: 0o600 })
  const account = await db.transaction().execute(async (transaction) => {
    const made = await createAccount(transaction, { systemName: demoAccount, name: 'Demo', timeZone: 'Europe/Berlin', currency: 'EUR' })
    for (const [index, { email, name, role }] of people.entries()) {
      const user = await createUser(transaction, { email, name, password: passwords[index], isSuperAdmin: role === 'super_admin' })
      if (role !== 'super_admin') await addMember(transaction, made.id, user.id, { role })
    }
    await setMcp(transaction, made.id, true)
    return { ...made, mcpEnabled: true }
  })
  return { account, file, lines }
}

/** Four groups of four letters and digits without look-alikes: 79 bits, and easy to type once. */
function newPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}
