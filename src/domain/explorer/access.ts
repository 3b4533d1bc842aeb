/** Which types a principal may read. The tools ask for the same scopes; this holds whoever calls. */
import { type Principal, requireScopes, type Scope } from '../../core/access.ts'
import { pick } from '../../core/match.ts'
import { gatewayScopes } from '../accounts/index.ts'
import { type EntityType, entityType, entityTypeNames, entityTypes } from '../entities/index.ts'

/** The scope that the rows of the type in the argument `type` need, as it came; undefined for none, and for what is no type. For the tools whose scope it decides. */
export function scopeOfType(given: unknown): Scope | undefined {
  const named = typeof given === 'object' && given !== null && 'type' in given ? given.type : undefined
  const type = typeof named === 'string' ? named.trim().toLowerCase() : undefined
  return entityTypes.find((one) => one.type === type || one.title.toLowerCase() === type)?.scope ?? undefined
}

/** What `scopeOfType` can answer. */
export const scopesOfTypes: readonly Scope[] = [...new Set(entityTypes.flatMap(({ scope }) => scope ?? []))]

/** The types a caller means. Throws `unknown_value`. */
export function typesNamed(wanted: readonly string[], argument: string): EntityType[] {
  const choices = entityTypes.map(({ type, title }) => ({ id: type, key: title, name: type }))
  return pick(wanted, choices, argument, { one: 'type', many: 'types' }).map(({ id }) => id)
}

/** Throws `missing_scopes`. */
export function requireType(principal: Principal, type: EntityType): void {
  const { scope } = entityType(type)
  requireScopes(principal, ...gatewayScopes(principal), ...(scope === null ? [] : [scope]))
}

export function mayRead(principal: Principal, type: string): boolean {
  const found = entityTypes.find((one) => one.type === type)
  return found !== undefined && (found.scope === null || principal.scopes.has(found.scope))
}

/** The types that a principal may read, and those left out for lack of a scope. */
export function readableTypes(principal: Principal, wanted: readonly EntityType[] = entityTypeNames): { types: EntityType[]; leftOut: { type: EntityType; scope: Scope }[] } {
  const types = wanted.filter((type) => mayRead(principal, type))
  return { types, leftOut: wanted.flatMap((type) => (types.includes(type) ? [] : [{ type, scope: entityType(type).scope as Scope }])) }
}
