/** The audience service: which rule is meant, whether the member may ask for it, and its size. Bound to a principal; the account never comes from the arguments. */
import { isRestricted, type Principal, requireScopes, unrestricted } from '../../core/access.ts'
import { asked } from '../../core/asked.ts'
import { MercatError } from '../../core/errors.ts'
import { pick } from '../../core/match.ts'
import { type AccountSettings, readSettings } from '../accounts/index.ts'
import { channelNames } from '../channels.ts'
import type { Sight } from '../entities/index.ts'
import { factsSnapshot } from '../facts/index.ts'
import { explain, type Explanation, pathText, type Predicate, type ShownNames, understand, type Vocabulary } from '../predicates/index.ts'
import type { Stores } from '../stores.ts'
import type { AudienceSize, AudienceSizeInput } from './answer.ts'
import { type Asked, audienceCost, countAudience, type Counts } from './audience.ts'
import { namedCampaigns } from './campaigns.ts'
import { type CheckedRule, checkRule } from './check.ts'
import { counterOf, tellsFew } from './floor.ts'
import { refuseUnknownValues } from './known-values.ts'
import { parseRule } from './parse.ts'
import { type ProposedRule, proposeRule, type ProposeRuleInput } from './propose.ts'
import { listRules, type Rule } from './rules-repository.ts'
import { accountVocabulary, vocabularyFor } from './vocabulary.ts'
import { type WholeRule, wholeRule } from './whole-rule.ts'
import { audienceVocabulary, type WordedVocabulary } from './worded.ts'

/** A question of audience_size, or of a rule that is not stored yet: then `tree` is the rule, and this is what else would be stored with it. */
export interface AudienceQuestion extends AudienceSizeInput {
  /** `at`: where the tree stands in the caller's arguments, for errors. */
  readonly unstored?: { readonly at: string; readonly priority?: number | undefined; readonly exclusions?: readonly string[] | undefined }
}

/** Throws MercatError for what is unknown, not allowed or not understood, and `cancelled` when the signal aborts. */
export interface AudienceService {
  readonly size: (input: AudienceQuestion, signal?: AbortSignal) => Promise<AudienceSize>
  /** Rows that `size` would read. */
  readonly cost: (input: AudienceQuestion, signal?: AbortSignal) => Promise<number>
  /** All that a rule may speak of in the account. */
  readonly vocabulary: (signal?: AbortSignal) => Promise<Vocabulary>
  /** Checks a rule of the caller's own and says it in words; counts nobody. @param at where it stands in the caller's arguments, for errors */
  readonly understood: (rule: Readonly<Record<string, unknown>>, at: string, vocabulary: Vocabulary) => Promise<UnderstoodRule>
  /** What a rule may speak of, for whoever writes one. */
  readonly wordedVocabulary: (signal?: AbortSignal) => Promise<WordedVocabulary>
  /** A rule in words, or what is wrong with it. */
  readonly check: (tree: Record<string, unknown>, signal?: AbortSignal) => Promise<CheckedRule>
  /** The whole rule of a segment or a target group. */
  readonly rule: (id: string) => Promise<WholeRule>
  /** Makes a draft of it; a person at the dashboard does. */
  readonly propose: (input: ProposeRuleInput) => Promise<ProposedRule>
}

export interface UnderstoodRule {
  readonly tree: Predicate
  /** `Customers whose …`. */
  readonly text: string
}

/** The rule to be counted. */
interface Meant {
  readonly type: 'segment' | 'target_group' | 'tree'
  readonly name: string | null
  /** Where it stands in the arguments, for errors. */
  readonly at: string
  readonly tree: Predicate
  /** Rules whose customers are left out of it, and why in words. */
  readonly without: readonly { readonly tree: Predicate; readonly words: string }[]
  readonly notes: readonly string[]
}

export function createAudience(stores: Stores): (principal: Principal) => AudienceService {
  return (principal) => {
    const question = asked((input: AudienceQuestion, signal?: AbortSignal) => questionOf(stores, principal, input, signal))
    return {
      cost: (input, signal) => audienceCost(stores.analytics, principal.account.id, () => question.ask(input, signal), signal),
      size: async (input, signal) => await size(stores, principal, await question.take(input, signal), signal),
      vocabulary: async (signal) => {
        const { customerAttributes } = await readSettings(stores.db, principal.account.id)
        return await accountVocabulary(stores.analytics, principal.account.id, customerAttributes, signal)
      },
      understood: async (rule, at, vocabulary) => {
        const tree = understand(parseRule(rule, at), vocabulary, [at])
        // Of what the rule names, and of what is like it, the caller learns what they see anyway.
        const { names } = await namedCampaigns(stores.db, principal, principal.scopes, tree, at)
        return { tree, text: explain(tree, names).text }
      },
      wordedVocabulary: async (signal) => await audienceVocabulary(stores, principal, signal),
      check: async (tree, signal) => await checkRule(stores, principal, tree, signal),
      rule: async (id) => await wholeRule(stores, principal, id),
      propose: async (input) => await proposeRule(stores, principal, input),
    }
  }
}

/** What is to be counted. */
interface Question {
  readonly meant: Meant
  /** With what is left out. */
  readonly tree: Predicate
  readonly asked: Asked
  readonly names: ShownNames
  readonly settings: AccountSettings
  readonly dataAsOf: Date | null
}

async function questionOf(stores: Stores, principal: Principal, input: AudienceQuestion, signal: AbortSignal | undefined): Promise<Question> {
  requireScopes(principal, 'read:segments')
  const { account } = principal
  const settings = await readSettings(stores.db, account.id)
  const { snapshot, dataAsOf } = await factsSnapshot(stores.analytics, account.id, { signal })
  const said = await ruleMeant(stores, principal, input)
  const others = said.without.map((other) => other.tree)
  const vocabulary = await vocabularyFor([said.tree, ...others], stores.analytics, account.id, settings.customerAttributes, signal)
  // A rule means what it means for the account, whoever asks for its size.
  const everything: Sight = { account, ...unrestricted }
  return await withoutNames(principal, async () => {
    const meant = { ...said, tree: understand(said.tree, vocabulary, [said.at]) }
    const tree: Predicate = others.length > 0 ? { all: [meant.tree, { none: others.map((other) => understand(other, vocabulary, [said.at])) }] } : meant.tree
    const { keys, names } = await namedCampaigns(stores.db, everything, principal.scopes, tree, meant.at)
    const { id: accountId, timeZone, currency } = account
    const asked = { vocabulary, timeZone, now: stores.clock(), campaigns: keys, accountId, currency, goals: settings.goals, snapshot }
    return { meant, tree, asked, names, settings, dataAsOf }
  })
}

async function size(stores: Stores, principal: Principal, question: Question, signal: AbortSignal | undefined): Promise<AudienceSize> {
  const { meant, tree, asked, names, settings } = question
  const counts = await countAudience(stores.analytics, tree, asked, { signal })
  if (meant.type === 'tree') await refuseUnknownValues(stores.analytics, asked.accountId, tree, counts, settings.privacyFloor, meant.at, { signal })
  return shape(question, counts, isRestricted(principal) ? explain(meant.tree) : explain(meant.tree, names))
}

function shape({ meant, asked: { timeZone, now }, settings: { privacyFloor, goals }, dataAsOf }: Question, counts: Counts, { text, parts }: Explanation): AudienceSize {
  const counter = counterOf(privacyFloor)
  const customers = counter(counts.customers)
  const audience = counter(counts.audience)
  const share = (part: number | null, of: number | null) => (part === null || of === null || of === 0 ? null : part / of)
  const reachable = channelNames.map((channel, index) => {
    const counted = counter(counts.reachable[index] ?? 0)
    return { channel, ...counted, share: share(counted.count, audience.count) }
  })
  // Where groups are left out, the rule itself stands within a larger tree.
  const inside = meant.without.length > 0 ? (path: string) => pathText(['all', 0, ...(path === '' ? [] : [path])]) : (path: string) => path
  const byPath = new Map(counts.parts.map(({ path, count }) => [path, count]))
  const countOf = (path: string) => byPath.get(path) ?? 0
  const few = tellsFew(meant.tree, [], (path) => countOf(inside(path)), counts.customers, privacyFloor)
  const hidden = { count: null, shown: `hidden: with the others it tells of fewer than ${privacyFloor}` }
  const notes = [
    `Orders are those of the goal ${goals[0]?.name ?? 'Orders'}. Opens and clicks are people's, not machines' or bots'.`,
    ...(privacyFloor > 0 ? [`Counts below ${privacyFloor}, and differences between two counts below it, are hidden.`] : []),
    ...meant.notes,
  ]
  return {
    audience: {
      name: meant.name,
      type: meant.type,
      ...audience,
      share: share(audience.count, customers.count),
      explanation: text,
      definition: meant.tree as unknown as Record<string, unknown>,
      leftOut: meant.without.map(({ words }) => words),
    },
    customers,
    reachable,
    predicates: parts.map((part) => ({ ...part, ...(few ? hidden : counter(countOf(inside(part.path)))) })),
    notes,
    passport: { timeZone, asOf: now.toISOString(), dataAsOf: dataAsOf?.toISOString() ?? null },
  }
}

/** What a stored rule names may be hidden from a member who sees only some brands, and so may all that is like it: of an error they learn that there is one. */
async function withoutNames<Result>(principal: Principal, understood: () => Promise<Result>): Promise<Result> {
  try {
    return await understood()
  } catch (error) {
    if (!isRestricted(principal) || !(error instanceof MercatError) || error.status !== 400) throw error
    throw new MercatError('conflict', 'The rule, or that of a group it leaves out, names something that is not there', { hint: 'Ask somebody who sees the whole account.' })
  }
}

async function ruleMeant(stores: Stores, principal: Principal, input: AudienceQuestion): Promise<Meant> {
  const given = [input.segment, input.targetGroup, input.tree].filter((one) => one !== undefined)
  if (given.length !== 1)
    throw new MercatError('invalid_arguments', `${given.length === 0 ? 'Nothing' : 'More than one thing'} to count`, { hint: 'Send exactly one of segment, targetGroup and tree.' })
  if (input.tree !== undefined) {
    if (isRestricted(principal))
      throw new MercatError('not_allowed', 'A tree of your own is counted over the whole account, of which you may see only some organizations or brands', {
        argument: 'tree',
        hint: 'Ask for a segment or a target group that you can see (list_entities).',
      })
    const { at = 'tree', ...more } = input.unstored ?? {}
    const tree = parseRule(input.tree, at)
    if (!input.unstored) return { type: 'tree', name: null, at, tree, without: [], notes: [] }
    return { type: 'tree', name: null, at, tree, ...(await others(stores, principal, { id: '', definition: more })) }
  }
  const [type, at, words] = input.segment !== undefined ? (['segment', 'segment', 'segment'] as const) : (['target_group', 'targetGroup', 'target group'] as const)
  const named = pick([input.segment ?? input.targetGroup ?? ''], await listRules(stores.db, principal, type), at, { one: words, many: `${words}s` })
  const [rule] = named
  if (!rule || named.length > 1)
    throw new MercatError('invalid_arguments', `${named.length} ${words}s have that name`, {
      argument: at,
      allowed: named.map(({ id }) => id),
      hint: 'Send the id of the one you mean.',
    })
  const { predicate } = rule.definition
  if (!predicate)
    throw new MercatError('conflict', `The rule of the ${words} ${JSON.stringify(rule.name)} is kept by its platform: Mercat knows the name alone and cannot count it`, {
      argument: at,
      hint: 'Describe the rule as a tree, or import the definition with its predicate.',
    })
  const tree = parseRule(predicate, at)
  if (type === 'segment') return { type, name: rule.name, at, tree, without: [], notes: [] }
  return { type, name: rule.name, at, tree, ...(await others(stores, principal, rule)) }
}

/** Groups whose customers a target group leaves out: its exclusions, and active groups that come before it. */
async function others(
  { db }: Stores,
  principal: Principal,
  rule: Pick<Rule, 'id'> & { readonly definition: Pick<Rule['definition'], 'priority' | 'exclusions'> },
): Promise<Pick<Meant, 'without' | 'notes'>> {
  const { priority, exclusions = [] } = rule.definition
  const all = (await listRules(db, { account: principal.account, ...unrestricted }, 'target_group')).filter(({ id }) => id !== rule.id)
  const seen = new Set((await listRules(db, principal, 'target_group')).map(({ id }) => id))
  const called = ({ id, name }: Rule) => (seen.has(id) ? `the target group ${JSON.stringify(name)}` : 'a target group that you cannot see')
  const without: { tree: Predicate; words: string }[] = []
  const notes: string[] = []
  for (const group of all) {
    const excluded = exclusions.includes(group.key)
    const before = group.status === 'active' && priority !== undefined && group.definition.priority !== undefined && group.definition.priority < priority
    if (!excluded && !before) continue
    if (!group.definition.predicate) notes.push(`Not left out, since its platform keeps its rule: ${called(group)}.`)
    else
      without.push({
        tree: parseRule(group.definition.predicate, 'targetGroup'),
        words: `Left out: ${called(group)}, ${excluded ? 'excluded' : 'which comes before it'}.`,
      })
  }
  return { without, notes }
}
