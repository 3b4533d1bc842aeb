/** Whether a draft can be approved: what is still missing, and what would go with it. It changes nothing. */
import type { Principal } from '../../core/access.ts'
import { label } from '../../core/match.ts'
import { dayOf } from '../../core/period.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { campaignDefinition, type EntityType, entityType, webappDefinition } from '../entities/index.ts'
import { draftsByKey } from '../writes/index.ts'
import { type DraftRow, ownOrigins, visibleIds } from './drafts-repository.ts'

/** A draft that was made for another one, and is decided on with it. */
export interface Part {
  readonly id: string
  readonly type: string
  readonly name: string
}

export interface Readiness {
  /** What keeps it from being approved, one sentence each; empty: nothing. */
  readonly blockers: readonly string[]
  /** Becomes active with it. */
  readonly parts: readonly Part[]
  /** When it starts if it is scheduled; null: it names no time to come, or its type knows none. */
  readonly startsAt: Date | null
}

export async function readinessOf(db: DbOrTransaction, principal: Principal, row: DraftRow, now: Date): Promise<Readiness> {
  const { account } = principal
  const definition = entityType(row.type).definition.safeParse(row.definition)
  if (!definition.success) return { blockers: ['Its definition is not valid any more: edit it first.'], parts: [], startsAt: null }
  const named = row.type === 'campaign' ? await partsOf(db, account.id, row.definition) : []
  const parts = await seenBy(db, principal, named)
  return {
    blockers: [...missing(row, now, account.timeZone), ...(named.length > parts.length ? [unseen] : []), ...(await openLinks(db, principal, row, named))],
    parts,
    startsAt: startOf(row, now),
  }
}

/** The time a campaign is sent or begins, while it is to come. */
export function startOf({ type, starts_at: startsAt, definition }: Pick<DraftRow, 'type' | 'starts_at' | 'definition'>, now: Date): Date | null {
  if (!entityType(type).statuses.includes('scheduled')) return null
  const sendAt = campaignDefinition.partial().safeParse(definition).data?.schedule?.sendAt
  const start = sendAt === undefined ? startsAt : new Date(sendAt)
  return start !== null && start > now ? start : null
}

function missing(row: DraftRow, now: Date, timeZone: string): string[] {
  const { type, definition, ends_at: endsAt } = row
  const last = endsAt === null ? undefined : dayOf(endsAt, timeZone)
  const { products = [], webapp } = type === 'campaign' ? (campaignDefinition.partial().safeParse(definition).data ?? {}) : {}
  return [
    ...(last !== undefined && last < dayOf(now, timeZone) ? [`It was for the days up to ${last}, which are over.`] : []),
    ...(webapp !== undefined && products.length === 0 ? ['It has no product yet: choose its products first; an assistant does it with campaign_product_setup.'] : []),
    ...((type === 'segment' || type === 'target_group') && !definition.predicate ? ['It has no rule yet.'] : []),
    ...(type === 'trigger' && !definition.event ? ['It names no event yet.'] : []),
    ...(type === 'stream' && !(Array.isArray(definition.campaigns) && definition.campaigns.length > 0) ? ['It has no campaign yet.'] : []),
  ]
}

/** What was made for a campaign and waits with it: its target group, its webapp, and the webapp's branding and texts. */
async function partsOf(db: DbOrTransaction, accountId: string, definition: Record<string, unknown>): Promise<Part[]> {
  const { webapp, targetGroup } = campaignDefinition.partial().safeParse(definition).data ?? {}
  const drafts = async (type: EntityType, key: string | undefined) => await draftsByKey(db, accountId, type, key === undefined ? [] : [key], ownOrigins)
  const [app] = await drafts('webapp', webapp)
  const { branding, content } = app ? (webappDefinition.partial().safeParse(app.definition).data ?? {}) : {}
  const all = [...(await drafts('target_group', targetGroup)), ...(app ? [app] : []), ...(await drafts('branding', branding)), ...(await drafts('content_profile', content))]
  return all.map(({ id, type, name }) => ({ id, type, name }))
}

/** Nobody decides on what is outside of their organizations and brands, by deciding on what names it. */
async function seenBy(db: DbOrTransaction, principal: Principal, parts: readonly Part[]): Promise<Part[]> {
  const seen = new Set<string>()
  for (const type of new Set(parts.map((part) => part.type as EntityType))) {
    for (const { id } of await visibleIds(
      db,
      principal,
      type,
      parts.map((part) => part.id),
    ))
      seen.add(id)
  }
  return parts.filter(({ id }) => seen.has(id))
}

const unseen = 'It names a draft that you cannot see: somebody who sees it decides.'

/** What it names and would need, but is a draft itself. */
async function openLinks(db: DbOrTransaction, principal: Principal, { type, definition }: DraftRow, parts: readonly Part[]): Promise<string[]> {
  const kind = entityType(type)
  const links = kind.links(kind.definition.parse(definition))
  const blockers: string[] = []
  for (const linked of new Set(links.map((link) => link.type as EntityType))) {
    const keys = links.flatMap((link) => (link.type === linked ? [link.key] : []))
    const drafts = (await draftsByKey(db, principal.account.id, linked, keys, ownOrigins)).filter(({ id }) => !parts.some((part) => part.id === id))
    const seen = await seenBy(db, principal, drafts)
    blockers.push(
      ...seen.map(({ name }) => `The ${entityType(linked).title.toLowerCase()} ${JSON.stringify(label(name))} that it names is a draft itself: decide on that first.`),
      ...(drafts.length > seen.length ? [unseen] : []),
    )
  }
  return blockers
}
