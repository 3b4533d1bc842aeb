/** `mercat user`: makes people, sets passwords, disables and enables. What they may do is `mercat member`. */
import { z } from 'zod'
import { MercatError } from '../../core/errors.ts'
import { table } from '../../core/text.ts'
import { createUser, getUserByEmail, listUsers, setPassword, setUserDisabled } from '../../domain/accounts/index.ts'
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
    withoutPassword: z.boolean().default(false).meta({ description: 'Ask for no password: the person cannot sign in by password yet.' }),
  }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const password = args.withoutPassword ? undefined : await askPassword(context)
    const made = await createUser(db, { email: args.email, name: args.name, isSuperAdmin: args.superAdmin, ...(password !== undefined && { password }) })
    context.print(`Made ${made.email} (${made.id})${made.isSuperAdmin ? ', a platform operator' : ''}.`)
    if (!made.isSuperAdmin) context.print(`Next: mercat member add <account> ${made.email} --role <role>.`)
  },
})

const password = defineCommand({
  name: 'password',
  summary: 'Set a person’s password',
  description: 'Apps that the person connected stay connected. To end them, disable the person.',
  arguments: ['email'],
  input: z.strictObject({ email }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const user = await getUserByEmail(db, args.email)
    await setPassword(db, user.id, await askPassword(context))
    context.print(`Set the password of ${user.email}.`)
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

export default defineGroup({ name: 'user', summary: 'People: make, set passwords, disable, enable, list', commands: [create, password, disable, enable, list] })
