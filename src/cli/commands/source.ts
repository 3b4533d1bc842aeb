/** `mercat source`: who delivers data to an account: added, watched, changed, and what was set aside sent in again. By the service of the dashboard's page. */
import { z } from 'zod'
import { MercatError } from '../../core/errors.ts'
import { inline } from '../../core/text.ts'
import { campaignRuleSchema, type SettingListed, type SourceListed, sourceNameSchema, type SourcesService, typeListed } from '../../domain/sources/index.ts'
import { type CommandContext, defineCommand, defineGroup } from '../define.ts'
import { askSettings, factsOf, printMissing, printNext, printSetup, sourceOf, sourcesOf, stepLines, word } from '../sources.ts'
import { table } from '../table.ts'

const account = z.string().meta({ description: 'System name of the account.', placeholder: 'account' })
const source = z.string().meta({ description: 'Name or id of the source, as mercat source list shows them.', placeholder: 'source' })
const set = z.array(z.string().max(6000)).max(20).default([]).meta({
  description: 'A setting as <name>=<value>; <name>=- asks for the value or reads it from stdin, as secrets have to be. May be given several times.',
  placeholder: 'name=value',
})
const reason = z.string().optional().meta({ description: 'Only what was set aside for this reason. Default: everything.', placeholder: 'text' })

const settingsOf = (sources: SourcesService, type: string): readonly SettingListed[] => sources.types().find((one) => one.type === type)?.settings ?? []

const types = defineCommand({
  name: 'types',
  summary: 'List what can be a source, and the settings of each',
  input: z.strictObject({}),
  run: async ({ context }) => {
    const shown = ({ name, secret, required, generated }: SettingListed) => `${required ? name : `[${name}]`}${secret ? '*' : ''}${generated ? '+' : ''}`
    context.print(
      table(
        ['type', 'platform', 'connection', 'settings'],
        (await context.sourceHouse()).types.map(typeListed).map(({ type, title, connection, settings }) => [type, title, connection, settings.map(shown).join(' ')]),
      ),
    )
    context.note('[name] may be left out; name* is a secret, given as --set name=-; name+ Mercat makes itself.')
    context.print('Next: mercat source add <account> <type> --name <name>')
  },
})

const list = defineCommand({
  name: 'list',
  summary: 'List the sources of an account and how each is doing',
  arguments: ['account'],
  input: z.strictObject({ account }),
  run: async ({ args, context }) => {
    const { account: of, sources } = await sourcesOf(context, args.account)
    const all = await sources.list()
    if (all.length === 0) return context.print(`${of} has no sources yet. mercat source types lists what can be one; mercat source add ${of} <type> --name <name> adds it.`)
    context.print(
      table(
        ['id', 'name', 'platform', 'state', 'last received', 'waiting', 'rows of 7 days', 'set aside'],
        all.map((one) => [
          one.id,
          one.name,
          one.title,
          one.state,
          one.lastReceivedAt ?? '',
          String(one.waiting.items),
          String(one.days.reduce((sum, { accepted }) => sum + accepted, 0)),
          String(one.setAside),
        ]),
      ),
    )
  },
})

const show = defineCommand({
  name: 'show',
  summary: 'Show a source: how it is doing, its settings, what was set aside, and what to do at the platform',
  description: 'Secrets are never shown, and the key is not shown again: mercat source rotate makes a new one.',
  arguments: ['account', 'source'],
  input: z.strictObject({ account, source }),
  run: async ({ args, context }) => {
    const { account: of, sources, source: found } = await sourceOf(context, args.account, args.source)
    const detail = await sources.get(found.id)
    context.print(table(['what', 'value'], factsOf(detail)))
    if (detail.reasons.length > 0)
      context.print(
        `\n${table(
          ['set aside', 'reason', 'items', 'first', 'last'],
          detail.reasons.map((one) => [one.kind, one.reason, String(one.items), one.first, one.last]),
        )}\nOnce the cause is gone: mercat source replay ${of} ${word(detail.name)}; discard in its place deletes them.`,
      )
    if (detail.steps) context.print(['', ...stepLines(detail.steps), ''].join('\n'))
    printMissing(context, of, detail, settingsOf(sources, detail.type))
  },
})

const add = defineCommand({
  name: 'add',
  summary: 'Add a source: prints its address, once, and what to do at the platform',
  description:
    'Settings that the platform tells only once it knows the address may be given later, by mercat source set. The address or key is printed this once; whoever has it can add data to the account, and read none.',
  examples: [
    'mercat source add acme sendgrid --name Newsletter',
    'mercat source add acme listmonk --name Lists --set baseUrl=https://lists.example.com --set user=mercat --set token=-',
  ],
  arguments: ['account', 'type'],
  input: z.strictObject({
    account,
    type: z.string().meta({ description: 'What it is, as mercat source types lists them.', placeholder: 'type' }),
    name: sourceNameSchema.meta({ description: 'What people and pipelines call it.', placeholder: 'text' }),
    set,
  }),
  run: async ({ args: { type, name, ...args }, context }) => {
    const { account: to, sources } = await sourcesOf(context, args.account)
    const known = settingsOf(sources, type)
    const settings = await askSettings(context, known, args.set)
    const added = await sources.add({ type, name, settings })
    const made = await sources.get(added.id)
    context.print(`Added ${inline(made.name)} (${made.id}) to ${to}.`)
    printSetup(context, made, added)
    for (const setting of known.filter((one) => !one.required && !one.generated && settings[one.name] === undefined))
      context.print(`Optional: ${setting.title}, by mercat source set ${to} ${word(made.name)} --set ${setting.name}=-`)
    printNext(context, to, made, known)
  },
})

const change = defineCommand({
  name: 'set',
  summary: 'Change a source: its settings, its name, its rules for campaigns',
  description: [
    'Settings that are not given stay. <name>= takes one away; without one that it needs, a source takes nothing until it has it again. One that Mercat makes is made anew then.',
    'A new name holds for what was loaded so far too: its pipeline goes on under it. Rules hold for new messages: those counted already stay where they are.',
  ].join('\n'),
  examples: [
    'mercat source set acme Newsletter --set verificationKey=-',
    'mercat source set acme Newsletter --name Mails',
    `mercat source set acme Mails --campaign-rules '[{"from":"tag","prefix":"camp:"},{"from":"provider"}]'`,
  ],
  arguments: ['account', 'source'],
  input: z.strictObject({
    account,
    source,
    set,
    name: sourceNameSchema.optional().meta({ description: 'Its new name.', placeholder: 'text' }),
    campaignRules: z.string().max(10_000).optional().meta({ description: 'Rules in place of those of before, as a JSON list, or “default”.', placeholder: 'json' }),
  }),
  run: async ({ args: { name, ...args }, context }) => {
    if (args.set.length === 0 && name === undefined && args.campaignRules === undefined)
      throw new MercatError('invalid_arguments', 'Nothing to change was given', { hint: 'Give --set, --name or --campaign-rules.' })
    const { account: of, sources, source: before } = await sourceOf(context, args.account, args.source)
    const known = settingsOf(sources, before.type)
    const settings = args.set.length === 0 ? undefined : await askSettings(context, known, args.set)
    await sources.change(before.id, { name, settings, campaignRules: args.campaignRules === undefined ? undefined : parseRules(args.campaignRules) })
    const after = await sources.get(before.id)
    context.print(`Changed ${inline(after.name)}.`)
    if (after.name !== before.name) context.print(`It was called ${inline(before.name)}: what it loaded so far goes by the new name too.`)
    for (const { name: made, title } of known.filter((setting) => setting.generated && settings?.[setting.name] === ''))
      context.print(
        `Mercat made a new ${title} (${made}): what comes with the one from before is refused. mercat source rotate ${of} ${word(after.name)} shows it, with a new address.`,
      )
    if (before.missing.length > 0 || after.missing.length > 0) printNext(context, of, after, known)
  },
})

const rulesSchema = z.array(campaignRuleSchema)

function parseRules(text: string) {
  if (text === 'default') return null
  try {
    return rulesSchema.parse(JSON.parse(text))
  } catch {
    throw new MercatError('invalid_arguments', '--campaign-rules must be a JSON list of rules, or default', {
      argument: 'campaignRules',
      hint: 'A rule is one of {"from":"metadata","name":"campaign_id"}, {"from":"tag"}, {"from":"tag","prefix":"camp:"}, {"from":"provider"} or {"from":"fixed","key":"welcome"}.',
    })
  }
}

const rotate = defineCommand({
  name: 'rotate',
  summary: 'Make a new key: prints the new address, once; the one from before works for another 24 hours',
  arguments: ['account', 'source'],
  input: z.strictObject({ account, source }),
  run: async ({ args, context }) => {
    const { sources, source: found } = await sourceOf(context, args.account, args.source)
    const made = await sources.rotate(found.id)
    context.print(`Made a new key for ${inline(found.name)}.`)
    printSetup(context, found, made)
    context.print(`The one from before works too until ${made.previousUntil}.`)
  },
})

/** `on` and `off`. */
const turn = (name: 'on' | 'off', summary: string) =>
  defineCommand({
    name,
    summary,
    arguments: ['account', 'source'],
    input: z.strictObject({ account, source }),
    run: async ({ args, context }) => {
      const { sources, source: found } = await sourceOf(context, args.account, args.source)
      await sources.setEnabled(found.id, name === 'on')
      context.print(`${inline(found.name)} is ${name}: ${turned(name, found)}.`)
    },
  })

function turned(to: 'on' | 'off', { connection, title }: SourceListed): string {
  if (connection === 'pull') return to === 'on' ? `${title} is asked again, by the clock` : `${title} is not asked until it is on again; what waits is still loaded`
  return to === 'on' ? 'what comes is taken from now on' : 'what is delivered is refused until it is on again; what waits is still loaded'
}

const remove = defineCommand({
  name: 'remove',
  summary: 'Remove a source: it takes nothing more, and what it delivered stays',
  description: 'What waits is still loaded; what was set aside is deleted, and the address can never be used again.',
  arguments: ['account', 'source'],
  input: z.strictObject({ account, source }),
  run: async ({ args, context }) => {
    const { account: from, sources, source: found } = await sourceOf(context, args.account, args.source)
    await sources.remove(found.id)
    context.print(`Removed ${inline(found.name)} from ${from}. What it delivered stays in the figures.`)
  },
})

const pull = defineCommand({
  name: 'pull',
  summary: 'Ask a platform that is pulled now, instead of by the clock',
  description: 'Needs a running Mercat, which asks in the background.',
  arguments: ['account', 'source'],
  input: z.strictObject({ account, source }),
  run: async ({ args, context }) => {
    const { account: of, sources, source: found } = await sourceOf(context, args.account, args.source)
    await sources.pull(found.id)
    context.print(`${found.title} is being asked. Next: mercat source show ${of} ${word(found.name)}`)
  },
})

const replay = defineCommand({
  name: 'replay',
  summary: 'Send what was set aside in again, the oldest first, 1,000 at most',
  arguments: ['account', 'source'],
  input: z.strictObject({ account, source, reason }),
  run: async ({ args, context }) => {
    const { sources, source: found } = await sourceOf(context, args.account, args.source)
    const { replayed, left } = await sources.replay(found.id, args.reason)
    if (replayed === 0) return context.print(nothingAside(found.name, args.reason))
    context.print(`${items(replayed)} of ${inline(found.name)} sent in again; ${left} left${left > 0 ? ': the same command sends more' : ''}.`)
    context.print(loadedWhen(context))
  },
})

const loadedWhen = ({ served }: Pick<CommandContext, 'served'>) =>
  `${served ? 'Loaded within seconds' : 'Kept, and loaded by the Mercat that runs on these stores within a minute, or else at its next start'}; what still cannot be is set aside again.`

const discard = defineCommand({
  name: 'discard',
  summary: 'Delete what was set aside, for good',
  arguments: ['account', 'source'],
  input: z.strictObject({ account, source, reason }),
  run: async ({ args, context }) => {
    const { sources, source: found } = await sourceOf(context, args.account, args.source)
    const { discarded } = await sources.discard(found.id, args.reason)
    context.print(discarded === 0 ? nothingAside(found.name, args.reason) : `Deleted ${items(discarded)} that ${inline(found.name)} had set aside.`)
  },
})

const items = (count: number) => `${count.toLocaleString('en')} item${count === 1 ? '' : 's'}`
const nothingAside = (name: string, why: string | undefined) => `Nothing of ${inline(name)} is set aside${why === undefined ? '' : ' for this reason'}.`

export default defineGroup({
  name: 'source',
  summary: 'Sources of data that keeps coming: add, list, show, change, new keys, on and off, pull, replay',
  commands: [
    types,
    list,
    show,
    add,
    change,
    rotate,
    turn('on', 'Turn a source on again'),
    turn('off', 'Turn a source off: what it delivers is refused, and a pull is not asked'),
    remove,
    pull,
    replay,
    discard,
  ],
})
