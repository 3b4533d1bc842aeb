/** `mercat member`: who belongs to which account, with what role, scopes, organizations and brands. Every change acts on the next call. */
import { z } from 'zod'
import { publicOrigin } from '../../config.ts'
import { roles, roleTable } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { table } from '../table.ts'
import { getAccount, getUserByEmail, linkPath, type Member } from '../../domain/accounts/index.ts'
import { commandLine, createMembers } from '../../domain/administration/index.ts'
import { type CommandContext, defineCommand, defineGroup } from '../define.ts'

const account = z.string().meta({ description: 'System name of the account.', placeholder: 'name' })
const email = z.string().meta({ description: 'E-mail of the person.', placeholder: 'e-mail' })
const role = z.string().meta({ description: `One of ${roles.join(', ')}.`, placeholder: 'role' })
const several = (description: string, placeholder: string) => z.array(z.string()).optional().meta({ description, placeholder })

const change = {
  addScope: several('A scope besides those of the role; replaces the list. May be given several times.', 'scope'),
  removeScope: several('A scope of the role that this member does not get; replaces the list. May be given several times.', 'scope'),
  organization: several('Id of an organization the member is restricted to; replaces the list. May be given several times.', 'id'),
  brand: several('Id of a brand the member is restricted to; replaces the list. May be given several times.', 'id'),
  unrestricted: z.boolean().default(false).meta({ description: 'Every organization and brand, and exactly the scopes of the role.' }),
}

function changeOf(args: {
  addScope?: string[] | undefined
  removeScope?: string[] | undefined
  organization?: string[] | undefined
  brand?: string[] | undefined
  unrestricted: boolean
}) {
  const none = args.unrestricted ? [] : undefined
  const given = { scopesAdded: args.addScope ?? none, scopesRemoved: args.removeScope ?? none, organizations: args.organization ?? none, brands: args.brand ?? none }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as { [Name in keyof typeof given]?: string[] }
}

/** The members of an account, for an operator. */
async function membersOf(context: CommandContext, systemName: string) {
  const stores = await context.stores()
  const found = await getAccount(stores.db, systemName)
  return { db: stores.db, account: found, members: createMembers(stores)(commandLine(found)) }
}

const add = defineCommand({
  name: 'add',
  summary: 'Add a person to an account',
  examples: ['mercat member add acme ada@example.com --role analyst', 'mercat member add acme sam@example.com --role customer_support --add-scope read:mcp'],
  arguments: ['account', 'email'],
  input: z.strictObject({ account, email, role, ...change }),
  run: async ({ args, context }) => {
    const { account: to, members } = await membersOf(context, args.account)
    await members.add({ email: args.email, role: args.role, ...changeOf(args) })
    context.print(`${args.email} is ${titleOf(args.role)} of ${to.systemName}.`)
  },
})

const invite = defineCommand({
  name: 'invite',
  summary: 'Invite an address to an account: prints a one-time link',
  description:
    'The link works once, for 7 days, and only for this address: pass it on to nobody else. Mercat sends no mail. Inviting the same address again ends the link of before.',
  examples: ['mercat member invite acme ada@example.com --role analyst'],
  arguments: ['account', 'email'],
  input: z.strictObject({ account, email, role, ...change }),
  run: async ({ args, context }) => {
    const { account: to, members } = await membersOf(context, args.account)
    const { token, expiresAt } = await members.invite({ email: args.email, role: args.role, ...changeOf(args) })
    context.print(publicOrigin(context.config) + linkPath('invitation', token))
    context.note(`Invites ${args.email} to ${to.systemName} as ${titleOf(args.role)}, once, until ${expiresAt}.`)
  },
})

const withdraw = defineCommand({
  name: 'withdraw',
  summary: 'Withdraw an open invitation: its link ends',
  arguments: ['account', 'email'],
  input: z.strictObject({ account, email }),
  run: async ({ args, context }) => {
    const { account: from, members } = await membersOf(context, args.account)
    const invitation = (await members.list()).invitations.find((one) => one.email.toLowerCase() === args.email.toLowerCase())
    if (!invitation) throw new MercatError('not_found', `There is no open invitation of ${args.email} to ${from.systemName}`, { hint: 'mercat member list shows them.' })
    await members.withdraw(invitation.id)
    context.print(`Withdrew the invitation of ${invitation.email} to ${from.systemName}.`)
  },
})

const set = defineCommand({
  name: 'set',
  summary: 'Change a member’s role, scopes, organizations or brands',
  examples: ['mercat member set acme ada@example.com --role marketer', 'mercat member set acme ada@example.com --remove-scope read:billing'],
  arguments: ['account', 'email'],
  input: z.strictObject({ account, email, role: role.optional(), ...change }),
  run: async ({ args, context }) => {
    const { db, account: of, members } = await membersOf(context, args.account)
    const user = await getUserByEmail(db, args.email)
    await members.change(user.id, { ...(args.role !== undefined && { role: args.role }), ...changeOf(args) })
    context.print(`Changed ${user.email} in ${of.systemName}. It acts on the next call.`)
  },
})

const remove = defineCommand({
  name: 'remove',
  summary: 'Remove a person from an account: their apps are refused there from the next call on',
  arguments: ['account', 'email'],
  input: z.strictObject({ account, email }),
  run: async ({ args, context }) => {
    const { db, account: from, members } = await membersOf(context, args.account)
    const user = await getUserByEmail(db, args.email)
    await members.remove(user.id)
    context.print(`Removed ${user.email} from ${from.systemName}.`)
  },
})

const list = defineCommand({
  name: 'list',
  summary: 'List the members of an account and its open invitations',
  arguments: ['account'],
  input: z.strictObject({ account }),
  run: async ({ args, context }) => {
    const { members, invitations } = await (await membersOf(context, args.account)).members.list()
    if (members.length + invitations.length === 0) return context.print('Nobody yet. mercat member invite makes a link for the first.')
    const more = ({ scopesAdded, scopesRemoved, organizations, brands }: Pick<Member, 'scopesAdded' | 'scopesRemoved' | 'organizations' | 'brands'>) => [
      [...scopesAdded.map((scope) => `+${scope}`), ...scopesRemoved.map((scope) => `-${scope}`)].join(' '),
      [...organizations, ...brands].join(' '),
    ]
    const state = (member: Member) => (member.disabled ? 'disabled' : member.source === 'directory' ? 'by group' : 'enabled')
    context.print(
      table(
        ['e-mail', 'name', 'role', 'scopes', 'restricted to', 'state'],
        [
          ...members.map((member) => [member.email, member.name, titleOf(member.role), ...more(member), state(member)]),
          ...invitations.map((invited) => [invited.email, '', titleOf(invited.role), ...more(invited), `invited until ${invited.expiresAt.slice(0, 10)}`]),
        ],
      ),
    )
  },
})

const titleOf = (name: string) => (name in roleTable ? roleTable[name as keyof typeof roleTable].title : name)

export default defineGroup({ name: 'member', summary: 'Members of an account: add, invite, withdraw, change, remove, list', commands: [add, invite, withdraw, set, remove, list] })
