/** Which types a principal may read. The tools ask for the same scopes; this holds whoever calls. */
import { type Principal, requireScopes, type Scope } from '../../core/access.ts'
import { type EntityType, entityType, entityTypeNames, entityTypes } from '../entities/index.ts'

/** The scope a type's rows need; undefined for none, and for what is no type. For the tools whose scope their argument `type` decides, as it came. */
export function scopeOfType(given: unknown): Scope | undefined {
  const type = typeof given === 'object' && given !== null && 'type' in given ? given.type : undefined
  return entityTypes.find((one) => one.type === type)?.scope ?? undefined
}

/** Throws `missing_scopes`. */
export function requireType(principal: Principal, type: EntityType): void {
  const { scope } = entityType(type)
  requireScopes(principal, 'read:mcp', ...(scope === null ? [] : [scope]))
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
