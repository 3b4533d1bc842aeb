/** What the rules of an account may speak of, with its words: for whoever writes one. Counts nobody; a value that fewer customers than the floor have is not told. */
import { isRestricted, type Principal, requireScopes } from '../../core/access.ts'
import { type AccountSettings, gatewayScopes, readSettings } from '../accounts/index.ts'
import {
  type Behaviour,
  groupOf,
  mostDepth,
  mostNodes,
  type Operator,
  operatorsOf,
  type Predicate,
  type Term,
  type ValueType,
  type Vocabulary,
  vocabularyOf,
} from '../predicates/index.ts'
import type { Stores } from '../stores.ts'
import { checked, knownValues } from './known-values.ts'

/** Of an attribute, more values are no choice any more. */
const mostValues = 300
/** Kinds of web events: more make no list to choose from. */
const mostKinds = 200

/** Something that can be compared. */
export interface WordedTerm {
  readonly name: string
  /** What people call it. */
  readonly title: string
  readonly description: string
  readonly type: ValueType
  readonly operators: readonly Operator[]
  /** All there are, where they are fixed. */
  readonly values?: readonly string[]
  /** Those that enough customers have, the most common first; others may exist. */
  readonly known?: readonly string[]
}

export interface WordedVocabulary {
  readonly attributes: readonly WordedTerm[]
  readonly behaviours: readonly {
    readonly name: string
    readonly title: string
    readonly kind: Behaviour['kind']
    readonly description: string
    readonly fields: readonly WordedTerm[]
  }[]
  /** Of amounts: ISO 4217. */
  readonly currency: string
  readonly mostDepth: number
  readonly mostNodes: number
  /** Whether the person may count rules of their own: who sees only some organizations or brands may not. */
  readonly mayCount: boolean
}

const worded = ({ name, type, description, values }: Term, title: string, operators: readonly Operator[]): WordedTerm => ({
  name,
  title,
  description,
  type,
  operators,
  ...(values ? { values } : {}),
})

/** `total_spent` → `Total spent`, `bounceType` → `Bounce type`. */
function sentence(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Throws `missing_scopes`. Who sees only a part of the account is told neither values of customers nor kinds of web events: both are of the whole. */
export async function audienceVocabulary(stores: Stores, principal: Principal, signal?: AbortSignal): Promise<WordedVocabulary> {
  requireScopes(principal, ...gatewayScopes(principal), 'read:segments')
  const { id, currency } = principal.account
  const settings = await readSettings(stores.db, id)
  const whole = !isRestricted(principal)
  const kinds = whole ? await webKinds(stores, id, mostKinds, signal) : []
  const { attributes, behaviours } = vocabularyOf(settings.customerAttributes, kinds)
  const known = new Map<string, string[]>()
  if (whole) for (const term of checked) known.set(term.name, (await knownValues(stores.analytics, id, term, settings.privacyFloor, { signal })).slice(0, mostValues))
  const builtIn = new Set(vocabularyOf().attributes.map(({ name }) => name))
  return {
    attributes: attributes.map((term) => {
      const values = known.get(term.name)
      return { ...worded(term, builtIn.has(term.name) ? sentence(term.name) : term.description, operatorsOf[term.type]), ...(values ? { known: values } : {}) }
    }),
    behaviours: behaviours.map(({ name, kind, description, fields }) => ({
      name,
      title: kind === 'web' ? name : sentence(name),
      kind,
      description,
      fields: fields.map((field) =>
        worded(
          field,
          sentence(field.name),
          operatorsOf[field.type].filter((op) => op !== 'top'),
        ),
      ),
    })),
    currency,
    mostDepth,
    mostNodes,
    mayCount: whole,
  }
}

/** What these trees may name. Kinds of web events are read, from all there are, only where a tree names what is not built in. */
export async function vocabularyFor(
  trees: readonly Predicate[],
  declared: AccountSettings['customerAttributes'],
  stores: Pick<Stores, 'analytics'>,
  accountId: string,
  signal: AbortSignal | undefined,
): Promise<Vocabulary> {
  const builtIn = vocabularyOf(declared)
  if (trees.flatMap(behavioursOf).every((name) => builtIn.behaviours.some((known) => known.name === name))) return builtIn
  return vocabularyOf(declared, await webKinds(stores, accountId, 1000, signal))
}

async function webKinds({ analytics }: Pick<Stores, 'analytics'>, accountId: string, most: number, signal: AbortSignal | undefined): Promise<string[]> {
  const rows = await analytics.query<{ kind: string }>(
    'SELECT DISTINCT toString(kind) AS kind FROM web_events WHERE account_id = {account:String} ORDER BY kind LIMIT {most:UInt32}',
    { account: accountId, most },
    { signal },
  )
  return rows.map(({ kind }) => kind)
}

function behavioursOf(tree: Predicate): string[] {
  return groupOf(tree)?.members.flatMap(behavioursOf) ?? ('did' in tree ? [tree.did] : 'didNot' in tree ? [tree.didNot] : [])
}
