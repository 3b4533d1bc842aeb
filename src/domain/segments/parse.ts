/** Reads a rule as a caller sent it or a store has it. Pure: whether what it names exists is not asked here. */
import { MercatError } from '../../core/errors.ts'
import { pathText, type Predicate, predicateSchema } from '../predicates/index.ts'

/** @param at where the rule stands in the arguments, for errors @throws `invalid_arguments` */
export function parseRule(given: Record<string, unknown>, at: string): Predicate {
  const parsed = predicateSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = pathText([at, ...partsOf(issue?.path ?? [])])
  throw new MercatError('invalid_arguments', `${path} ${issue?.message ?? 'is not a predicate'}`, { argument: path })
}

/** The path of an issue as paths of rules are written. */
export const partsOf = (path: readonly PropertyKey[]): (string | number)[] => path.map((part) => (typeof part === 'number' ? part : String(part)))
