/** What the commands of `mercat source` share: the account's sources for an operator, settings as they are given, and what to paste where. Prints no secret but a key that was just made. */
import { MercatError } from '../core/errors.ts'
import { isLoopbackOrigin } from '../core/loopback.ts'
import { pick } from '../core/match.ts'
import { getAccount } from '../domain/accounts/index.ts'
import { commandLine } from '../domain/administration/index.ts'
import { createSources, type SettingListed, type SourceAdded, type SourceDetail, type SourceListed, type SourcesService } from '../domain/sources/index.ts'
import type { CommandContext } from './define.ts'

export interface OperatedSources {
  /** System name of the account. */
  readonly account: string
  readonly sources: SourcesService
}

export async function sourcesOf(context: CommandContext, systemName: string): Promise<OperatedSources> {
  const stores = await context.stores()
  const found = await getAccount(stores.db, systemName)
  return { account: found.systemName, sources: createSources(stores, await context.sourceHouse())(commandLine(found)) }
}

/** The source of this id or name. Throws unknown_value with the names there are. */
export async function sourceOf(context: CommandContext, systemName: string, source: string): Promise<OperatedSources & { readonly source: SourceListed }> {
  const { account, sources } = await sourcesOf(context, systemName)
  const all = await sources.list()
  if (all.length === 0)
    throw new MercatError('not_found', `${account} has no sources yet`, {
      hint: `mercat source add ${account} <type> --name <name> adds one; mercat source types lists the types.`,
    })
  const [found] = pick(
    [source],
    all.map((one) => ({ id: one.id, name: one.name, one })),
    'source',
    { one: 'source', many: 'sources' },
  )
  // pick throws rather than find nothing.
  return { account, sources, source: (found as { one: SourceListed }).one }
}

/**
 * Settings as `name=value`, of which `name=-` is asked for and `name=` is taken away. A secret is only ever asked for: arguments are in the shell's history and in the process list.
 * Throws invalid_arguments. Names that the kind does not have are the service's to refuse.
 */
export async function askSettings(context: CommandContext, known: readonly SettingListed[], given: readonly string[]): Promise<Record<string, string>> {
  const settings: Record<string, string> = {}
  for (const text of given) {
    const end = text.indexOf('=')
    if (end < 1)
      throw new MercatError('invalid_arguments', '--set takes <name>=<value>', { argument: 'set', hint: 'mercat source types lists the names; <name>=- asks for the value.' })
    const [name, value] = [text.slice(0, end), text.slice(end + 1)]
    const setting = known.find((one) => one.name === name)
    if (setting?.secret && value !== '-' && value !== '')
      throw new MercatError('invalid_arguments', `${setting.title} is a secret, and arguments are kept in the shell’s history`, {
        argument: `set ${name}`,
        hint: `Give --set ${name}=- instead, and it is asked for, or read from stdin. Change it at the platform if it is one that is in use.`,
      })
    settings[name] = value === '-' && setting ? await context.ask(`${setting.title}: `, { secret: setting.secret }) : value
  }
  return settings
}

/** What is known of a source, by name; what is not there is left out. */
export function factsOf(detail: SourceDetail): [string, string][] {
  const facts: [string, string][] = [
    ['id', detail.id],
    ['name', detail.name],
    ['type', detail.type],
    ['platform', detail.title],
    ['state', detail.state],
    ['last received', detail.lastReceivedAt ?? ''],
    ['last refused', detail.lastRefusedAt === null ? '' : `${detail.lastRefusedAt}: ${detail.lastRefusal}`],
    ['last pulled', detail.pulledAt ?? ''],
    ['key of before works until', detail.previousKeyUntil ?? ''],
    ['waiting', detail.waiting.oldestAt === null ? '' : `${detail.waiting.items} items, the oldest since ${detail.waiting.oldestAt}`],
    ...detail.days.map(({ day, accepted, ignored, rejected }): [string, string] => [day, `${accepted} rows loaded, ${ignored} passed over, ${rejected} set aside`]),
    ...Object.entries(detail.settings).map(([name, value]): [string, string] => [name, value]),
    ...detail.secretsSet.map((name): [string, string] => [name, 'set, never shown']),
    ['campaign rules', detail.campaignRules ? JSON.stringify(detail.campaignRules) : ''],
    ['added', detail.createdAt],
  ]
  return facts.filter(([, value]) => value !== '')
}

/** Text for the terminal as it is, but for what moves its cursor or hides a part. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()

/** A word to be pasted into a command line. */
export const word = (text: string): string => (/^[\w.@:-]+$/.test(text) ? text : `'${plain(text).replaceAll("'", "'\\''")}'`)

/** What to do at the platform, numbered, with the texts to take along. */
export function stepLines(steps: SourceAdded['steps']): string[] {
  return steps.flatMap(({ title, text, copy = [] }, index) => [
    `${index + 1}. ${plain(title)}`,
    `   ${plain(text)}`,
    ...copy.flatMap(({ label, value }) => [`     ${plain(label)}:`, ...value.split('\n').map((line) => `       ${plain(line)}`)]),
  ])
}

/** The address or key that was just made, which is told once, and what to do with it. */
export function printSetup(context: CommandContext, { connection }: Pick<SourceListed, 'connection'>, { key, url, steps }: SourceAdded): void {
  if (connection === 'api') context.print(`Key, shown only now: ${key}\nAddress: ${url}`)
  // Where a password belongs into the address, the steps alone have the one to be pasted.
  const pasted = steps.some(({ copy = [] }) => copy.some(({ value }) => value === url))
  if (connection === 'webhook') context.print(pasted ? `Address, shown only now: ${url}` : 'The address, with its password, is shown only now:')
  context.print(['', ...stepLines(steps), ''].join('\n'))
  if (connection === 'webhook' && isLoopbackOrigin(new URL(url).origin))
    context.note(
      `Only this machine reaches ${new URL(url).origin}. For a platform on the internet put Mercat behind HTTPS (docs/running.md), and paste the address with MERCAT_PUBLIC_URL in its place.`,
    )
}

/** What comes after the setup: what is still needed, or how to see it work. */
export function printNext(context: CommandContext, account: string, source: SourceListed, known: readonly SettingListed[]): void {
  const name = word(source.name)
  if (source.missing.length > 0) printMissing(context, account, source, known)
  else context.print(source.connection === 'pull' ? `Next: mercat source pull ${account} ${name}` : `Next: let it send, then mercat source show ${account} ${name}`)
}

/** What still has to be given before anything is taken, as the commands to give it by; nothing when all is there. */
export function printMissing(context: CommandContext, account: string, { name, title, missing }: SourceListed, known: readonly SettingListed[]): void {
  if (missing.length === 0) return
  context.print(`Still needed: ${missing.join(', ')}. Until then nothing can be taken from ${title}.`)
  const sets = known.filter((setting) => missing.includes(setting.title)).map((setting) => ` --set ${setting.name}=-`)
  context.print(`Next: mercat source set ${account} ${word(name)}${sets.join('')}`)
}
