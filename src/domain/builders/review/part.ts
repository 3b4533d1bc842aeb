/** What reviewing one type of draft needs and gives. Reads; changes nothing. */
import { MercatError } from '../../../core/errors.ts'
import { label } from '../../../core/match.ts'
import { clip } from '../../../core/text.ts'
import { type EntityType, entityType } from '../../entities/index.ts'
import { explain, type Predicate } from '../../predicates/index.ts'
import type { AudienceQuestion } from '../../segments/index.ts'
import type { Warning } from '../answer.ts'
import { type Context, said } from '../context.ts'
import { type Ref, refsBy } from '../rows-repository.ts'

/** A draft as it is, or as it would be. */
export interface ReviewRow {
  readonly type: EntityType
  /** Unknown as long as it is not stored. */
  readonly id?: string | undefined
  readonly key?: string | undefined
  readonly name: string
  readonly channel?: string | null | undefined
  readonly startsAt?: Date | null | undefined
  readonly endsAt?: Date | null | undefined
  readonly brandId?: string | null | undefined
  readonly folderId?: string | null | undefined
  readonly tags?: readonly string[] | undefined
  readonly definition: Record<string, unknown>
}

export interface Reviewing extends Context {
  /** Drafts that are made together with it and not stored yet. */
  readonly companions: readonly ReviewRow[]
  /** What cannot be counted is a warning, and never the caller's mistake: of drafts that are stored. */
  readonly lenient: boolean
  /** The argument that the rule of a target group came in, for errors. */
  readonly ruleAt: string
}

/** The people a draft is for. */
export interface Counting {
  readonly ask: AudienceQuestion
  /** What the count leaves aside, or how it was made. */
  readonly note?: string | undefined
  /** The channel it would reach them on. */
  readonly channel?: string | null | undefined
  /** What few people mean here; default: that the audience is small. */
  readonly few?: string | undefined
  /** It holds rules that are not the caller's own: what is wrong with them is no mistake of the call. */
  readonly stored?: boolean | undefined
}

export interface Part {
  /** What will be made, one fact a line. */
  readonly words: readonly string[]
  readonly warnings: readonly Warning[]
  /** Undefined: it is for nobody in particular. */
  readonly counting?: Counting | undefined
}

/** A reference found: by its key or id, with what may be said of it. */
export interface Named extends Pick<Ref, 'name' | 'status' | 'definition'> {
  /** Undefined: made together with the draft. */
  readonly id: string | undefined
}

/** References by key (or id), as far as the caller may read and sees them. Of the same call first. */
export async function namedBy(context: Reviewing, type: EntityType, column: 'id' | 'key', values: readonly string[]): Promise<Map<string, Named>> {
  const { scope } = entityType(type)
  const found = new Map<string, Named>()
  if (scope === null || context.principal.scopes.has(scope)) {
    for (const ref of await refsBy(context.stores.db, context.principal, type, column, values)) found.set(ref[column], ref)
  }
  for (const { type: other, key, name, definition } of context.companions) {
    if (other === type && column === 'key' && key !== undefined && values.includes(key)) found.set(key, { id: undefined, name, status: 'draft', definition })
  }
  return found
}

/** `the target group "VIP" (draft)`. */
export function calledBy(what: string, key: string, named: Named | undefined): string {
  return named ? `the ${what} ${said(named.name)}${named.status === 'active' ? '' : ` (${named.status})`}` : `the ${what} with the key ${said(key)}`
}

/** Of what the draft names: gone, archived, or itself only proposed. @param what of a sentence: `target group` */
export function referenceWarnings(what: string, key: string, named: Named | undefined, readable: boolean): Warning[] {
  if (!named)
    return readable ? [{ code: 'missing_reference', text: `There is no ${what} with the key ${said(key)} that you can see: choose another before this is approved.` }] : []
  const name = `The ${what} ${said(named.name)}`
  if (named.status === 'archived') return [{ code: 'archived_reference', text: `${name} is archived: bring it back, or choose another.` }]
  if (named.status === 'draft' && named.id !== undefined) return [{ code: 'draft_reference', text: `${name} (${named.id}) is a draft itself: approve it first.` }]
  return []
}

export function readable({ principal }: Context, type: EntityType): boolean {
  const { scope } = entityType(type)
  return scope === null || principal.scopes.has(scope)
}

/** `customers whose …`, and a warning where the rule names what is not there any more. */
export async function ruleWords(context: Reviewing, tree: Predicate, what: string): Promise<{ text: string; warnings: Warning[] }> {
  const words = (text: string) => text.replace(/^Customers/, 'customers')
  try {
    const { text } = await context.audience.understood(tree as unknown as Record<string, unknown>, what, await context.vocabulary())
    return { text: words(text), warnings: [] }
  } catch (error) {
    if (!(error instanceof MercatError) || error.status >= 500) throw error
    return { text: words(explain(tree).text), warnings: [{ code: 'rule_not_valid', text: `${error.message}: correct the rule before this is approved.` }] }
  }
}

/** A line that a person reads to the end. */
export const line = (text: string): string => clip(text, 1500)

/** A text that users wrote, whole or with a mark where it was cut. */
export const quoted = (text: string): string => JSON.stringify(label(text))
