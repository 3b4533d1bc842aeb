/** `mercat user`: makes people, sets and resets passwords, signs out, disables and enables. What they may do is `mercat member`. */
import { z } from 'zod'
import { publicOrigin } from '../../config.ts'
import { MercatError } from '../../core/errors.ts'
import { table } from '../table.ts'
import {
  createUser,
  getUserByEmail,
  linkPath,
  listUsers,
  newPasswordLink,
  removeFactors,
  replacePassword,
  setUserDisabled,
  signOutEverywhere,
} from '../../domain/accounts/index.ts'
import { type CommandContext, defineCommand, defineGroup } from '../define.ts'

const email = z.string().meta({ description: 'E-mail of the person.', placeholder: 'e-mail' })

/** Never an argument: those are in the shell's history and in the process list. */
async function askPassword(context: CommandContext): Promise<string> {
  const password = await context.ask('Password (at least 12 characters): ', { secret: true })
  if ((await context.ask('The same again: ', { secret: true })) !== password)
    throw new MercatError('invalid_arguments', 'The two passwords are not the same', { argument: 'password' })
  return password
}

const create = defineCommand({
  name: 'create',
  summary: 'Make a person, asking for a password',
  examples: ['mercat user create ada@example.com --name "Ada Lovelace"'],
  arguments: ['email'],
  input: z.strictObject({
    email,
    name: z.string().meta({ description: 'Name that people read.', placeholder: 'text' }),
    superAdmin: z.boolean().default(false).meta({ description: 'A platform operator: every scope in every account.' }),
    withoutPassword: z.boolean().default(false).meta({ description: 'Ask for no password: mercat user reset gives the person a link to choose one.' }),
  }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const password = args.withoutPassword ? undefined : await askPassword(context)
    const made = await createUser(db, { email: args.email, name: args.name, isSuperAdmin: args.superAdmin, ...(password !== undefined && { password }) })
    context.print(`Made ${made.email} (${made.id})${made.isSuperAdmin ? ', a platform operator' : ''}.`)
    if (args.withoutPassword) context.print(`To let them choose a password: mercat user reset ${made.email}.`)
    if (!made.isSuperAdmin) context.print(`Next: mercat member add <account> ${made.email} --role <role>.`)
  },
})

const password = defineCommand({
  name: 'password',
  summary: 'Set a person’s password, and end all their sessions and connected apps',
  description: 'Acts at once. To let the person choose the password: mercat user reset.',
  arguments: ['email'],
  input: z.strictObject({ email }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const user = await getUserByEmail(db, args.email)
    await replacePassword(db, user.id, await askPassword(context))
    context.print(`Set the password of ${user.email}. They are signed out everywhere; passkeys and apps have to be set up again.`)
  },
})

const reset = defineCommand({
  name: 'reset',
  summary: 'Print a one-time link by which a person chooses a new password',
  description:
    'Good for 24 hours and once; a new link voids the one before. Nothing changes until it is used: then all sessions and connected apps of the person end. Whoever has the link can use it, so send it over a way that you trust.',
  arguments: ['email'],
  input: z.strictObject({ email }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const user = await getUserByEmail(db, args.email)
    const { token, expiresAt } = await newPasswordLink(db, user, null, context.now)
    context.print(publicOrigin(context.config) + linkPath('password', token))
    context.note(`For ${user.email}, once, until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`)
  },
})

const resetMfa = defineCommand({
  name: 'reset-mfa',
  summary: 'Take away a person’s authenticator app, recovery codes and passkeys',
  description:
    'For people who lost their telephone and their recovery codes. Make sure that it is them who ask: afterwards the password alone signs in, until they set up a new app.',
  arguments: ['email'],
  input: z.strictObject({ email }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const user = await getUserByEmail(db, args.email)
    await removeFactors(db, user.id)
    context.print(`${user.email} signs in by password alone now.`)
  },
})

const signOut = defineCommand({
  name: 'sign-out',
  summary: 'Sign a person out everywhere: all sessions and connected apps end at once',
  description: 'They can sign in and connect apps again. To keep them out: mercat user disable.',
  arguments: ['email'],
  input: z.strictObject({ email }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const user = await getUserByEmail(db, args.email)
    await signOutEverywhere(db, user.id)
    context.print(`${user.email} is signed out everywhere, and their apps have to be connected again.`)
  },
})

const disable = defineCommand({
  name: 'disable',
  summary: 'Disable a person: no sign-in, and every connected app is refused from its next call on',
  arguments: ['email'],
  input: z.strictObject({ email }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const user = await getUserByEmail(db, args.email)
    await setUserDisabled(db, user.id, true, context.now)
    context.print(`Disabled ${user.email}.`)
  },
})

const enable = defineCommand({
  name: 'enable',
  summary: 'Enable a person again; their connected apps go on',
  arguments: ['email'],
  input: z.strictObject({ email }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const user = await getUserByEmail(db, args.email)
    await setUserDisabled(db, user.id, false, context.now)
    context.print(`Enabled ${user.email}.`)
  },
})

const list = defineCommand({
  name: 'list',
  summary: 'List all people',
  input: z.strictObject({}),
  run: async ({ context }) => {
    const { db } = await context.stores()
    const users = await listUsers(db)
    if (users.length === 0) context.print('There is nobody yet. mercat user create makes a person.')
    else
      context.print(
        table(
          ['e-mail', 'name', 'operator', 'state'],
          users.map((user) => [user.email, user.name, user.isSuperAdmin ? 'yes' : 'no', user.disabled ? 'disabled' : 'enabled']),
        ),
      )
  },
})

export default defineGroup({
  name: 'user',
  summary: 'People: make, set and reset passwords, sign out, disable, enable, list',
  commands: [create, password, reset, resetMfa, signOut, disable, enable, list],
})
