/** The step that is a person's: switches a campaign on that was made here, and with it what was made for it. No app can: the scope is the dashboard's alone, and so is this. */
import { type Principal, requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { label } from '../../core/match.ts'
import { dayOf } from '../../core/period.ts'
import { dashboardClient } from '../accounts/index.ts'
import { recordEvent } from '../audit/index.ts'
import { campaignDefinition, entityType, nextSteps, webappDefinition } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { changeStatus, draftsByKey } from '../writes/index.ts'
import { entityOf } from './find.ts'

export interface SwitchedOn {
  readonly campaign: string
  readonly status: 'active'
  /** What was made with it and is in use from now on. */
  readonly parts: readonly { readonly type: string; readonly name: string }[]
}

/** Rows that a platform manages are switched on there: a status set here would be undone by its next import. */
const ownOrigins = ['mcp', 'dashboard']

/** Throws `missing_scopes`, `not_allowed` for an app, `campaign_not_found`, and `conflict` that says what is still lacking. */
export async function switchOn({ db, clock }: Pick<Stores, 'db' | 'clock'>, principal: Principal, campaignId: string): Promise<SwitchedOn> {
  requireScopes(principal, 'read:campaigns', 'approve:drafts')
  const { account, userId, clientId } = principal
  if (clientId !== dashboardClient) throw new MercatError('not_allowed', 'A campaign is switched on by a person, in the dashboard')
  const campaign = await entityOf(db, principal, 'campaign', campaignId, 'campaignId')
  const refuse = (why: string, hint: string) => new MercatError('conflict', `${JSON.stringify(label(campaign.name))} ${why}`, { argument: 'campaignId', hint })
  if (!ownOrigins.includes(campaign.origin)) throw refuse('comes from your platform', 'Switch it on there; the next import brings its status.')
  const step = nextSteps(entityType('campaign'), campaign.status).find(({ from, to }) => from === 'draft' && to === 'active')
  if (!step) throw refuse(`is ${campaign.status}: only a draft is switched on`, 'Reload the page.')
  const { products = [], webapp } = campaignDefinition.partial().safeParse(campaign.definition).data ?? {}
  if (products.length === 0) throw refuse('has no product yet', 'Choose its products first; an assistant does it with campaign_product_setup.')
  const today = dayOf(clock(), account.timeZone)
  const last = campaign.endsAt === null ? undefined : dayOf(new Date(campaign.endsAt), account.timeZone)
  if (last !== undefined && last < today) throw refuse(`was for the days up to ${last}, which are over`, 'Make a new one.')
  return await db.transaction().execute(async (transaction) => {
    // Of two at once, one finds it is no draft any more.
    if (!(await changeStatus(transaction, account.id, campaign.id, step, clock()))) throw refuse('was switched on by somebody else just now', 'Reload the page.')
    const parts = []
    for (const part of webapp === undefined ? [] : await madeFor(transaction, account.id, webapp)) {
      await changeStatus(transaction, account.id, part.id, step, clock())
      parts.push({ type: part.type, name: part.name })
    }
    await recordEvent(transaction, clock, {
      accountId: account.id,
      event: 'campaign.switched_on',
      userId,
      clientId,
      detail: { campaign: campaign.id, name: campaign.name, from: step.from, to: step.to, parts },
    })
    return { campaign: campaign.id, status: 'active', parts }
  })
}

/** The webapp, its branding and its content, as far as they are drafts that were made here. */
async function madeFor(db: Parameters<typeof draftsByKey>[0], accountId: string, webapp: string) {
  const [made] = await draftsByKey(db, accountId, 'webapp', [webapp], ownOrigins)
  if (!made) return []
  const { branding, content } = webappDefinition.partial().safeParse(made.definition).data ?? {}
  return [
    made,
    ...(await draftsByKey(db, accountId, 'branding', branding === undefined ? [] : [branding], ownOrigins)),
    ...(await draftsByKey(db, accountId, 'content_profile', content === undefined ? [] : [content], ownOrigins)),
  ]
}
