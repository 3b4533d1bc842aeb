/** What the rules of an account may speak of, with its words: for whoever writes one. Counts nobody; a value that fewer customers than the floor have is not told. */
import { isRestricted, type Principal, requireScopes } from '../../core/access.ts'
import { readSettings } from '../accounts/index.ts'
import { type Behaviour, mostDepth, mostNodes, type Operator, operatorsOf, type Term, type ValueType, vocabularyOf } from '../predicates/index.ts'
import type { Stores } from '../stores.ts'
import { checked, knownValues } from './known-values.ts'
import { webKinds } from './vocabulary.ts'

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
  requireScopes(principal, 'read:segments')
  const { id, currency } = principal.account
  const settings = await readSettings(stores.db, id)
  const whole = !isRestricted(principal)
  const kinds = whole ? await webKinds(stores.analytics, id, mostKinds, signal) : []
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
