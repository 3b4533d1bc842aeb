/** What a person should look at before a campaign is approved. Each says what to do; none forbids anything. */
import { dayOf } from '../../../core/period.ts'
import { localTimeOf } from '../../../core/local-time.ts'
import { type CampaignDefinition, targetGroupDefinition } from '../../entities/index.ts'
import type { Warning } from '../answer.ts'
import { said } from '../context.ts'
import { groupsOfRule, type RunningCampaign, runningCampaigns } from '../rows-repository.ts'
import { type Named, readable, type ReviewRow, type Reviewing } from './part.ts'

export async function campaignWarnings(context: Reviewing, row: ReviewRow, campaign: CampaignDefinition, group: Named | undefined): Promise<Warning[]> {
  return [
    ...(campaign.targetGroup === undefined && campaign.kind === 'bulk'
      ? [{ code: 'no_target_group', text: 'Nobody is targeted yet: name a target group, or describe the audience.' }]
      : []),
    ...timeWarnings(context, row, campaign),
    ...contentWarnings(row, campaign),
    ...measureWarnings(context, row, campaign),
    ...(await overlaps(context, row, campaign, group)),
  ]
}

/** Hours of the account's clock in which messages wake people. */
const [quietUntil, quietFrom] = [8, 21]

function timeWarnings({ principal, stores }: Reviewing, { endsAt }: ReviewRow, { schedule }: CampaignDefinition): Warning[] {
  const now = stores.clock()
  const { timeZone } = principal.account
  const over = endsAt && endsAt < now ? [{ code: 'period_over', text: `Its last day, ${dayOf(endsAt, timeZone)}, is over: choose a later one.` }] : []
  if (schedule?.sendAt === undefined) return over
  const at = new Date(schedule.sendAt)
  const local = localTimeOf(at, timeZone)
  const hour = Number(local.slice(11, 13))
  return [
    ...over,
    ...(at < now ? [{ code: 'send_time_past', text: `The time of sending, ${local} (${timeZone}), is in the past: choose a later one.` }] : []),
    ...(hour < quietUntil || hour >= quietFrom
      ? [{ code: 'send_time_night', text: `It is sent at ${local.slice(11)} in ${timeZone}, when people sleep: choose a time between 08:00 and 21:00 unless that is meant.` }]
      : []),
  ]
}

/** In the languages that senders write it in most. */
const unsubscribe =
  /unsubscrib|opt[ _-]?out|abmeld|abbestell|austrag|désabon|desabon|désinscri|disiscri|cancella iscri|darse de baja|cancelar suscrip|uitschrij|afmeld|avregistr|avmeld|wypisz|odhl[aá]s|отпис/iu
const address = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}\.[\p{L}]{2,}/u

function contentWarnings({ channel }: ReviewRow, { kind, template, variants }: CampaignDefinition): Warning[] {
  const { subject, preheader, content } = template ?? {}
  const subjects = [subject, preheader, ...variants.map((one) => one.subject)].filter((one) => one !== undefined)
  const mail = channel === 'Email'
  return [
    ...(content === undefined || (mail && subjects.length === 0)
      ? [{ code: 'no_content', text: `It has no ${content === undefined ? 'content' : 'subject'} yet: a person adds it before it is approved, or send it here.` }]
      : []),
    ...(mail && kind === 'bulk' && content !== undefined && !unsubscribe.test(content)
      ? [{ code: 'no_unsubscribe', text: 'The content shows no way to unsubscribe, which bulk email must have: add the link.' }]
      : []),
    ...(subjects.some((one) => address.test(one))
      ? [{ code: 'personal_data', text: 'A subject or preheader holds an e-mail address: take it out; it would go to everybody and stand in reports.' }]
      : []),
  ]
}

function measureWarnings({ settings, principal }: Reviewing, { channel }: ReviewRow, { kind, controlShare }: CampaignDefinition): Warning[] {
  const measured = kind === 'bulk' || kind === 'automated'
  if (!measured) return []
  const counts = settings.goals.some(({ channels }) => channels.length === 0 || channels.some((one) => one === channel))
  return [
    ...(channel && !counts
      ? [
          {
            code: 'missing_goal',
            text: `No goal of the account counts orders that come by ${channel}: reports will show none for it. An owner adds the channel to a goal in the settings of ${said(principal.account.name)}.`,
          },
        ]
      : []),
    ...(controlShare ? [] : [{ code: 'no_control_group', text: 'Nobody is held out, so its uplift cannot be measured: hold out a control group (controlShare), such as 0.1.' }]),
  ]
}

/** Days of the account's calendar; undefined: open. */
interface Span {
  readonly from: string | undefined
  readonly to: string | undefined
}

/** What is sent once is sent on its day; without any day it may be whenever. */
function spanOf(startsAt: Date | null | undefined, endsAt: Date | null | undefined, sendAt: string | null | undefined, zone: string): Span {
  const sent = sendAt ? dayOf(new Date(sendAt), zone) : undefined
  return { from: sent ?? (startsAt ? dayOf(startsAt, zone) : undefined), to: sent ?? (endsAt ? dayOf(endsAt, zone) : undefined) }
}

const apart = (a: Span, b: Span) => (a.to !== undefined && b.from !== undefined && a.to < b.from) || (b.to !== undefined && a.from !== undefined && b.to < a.from)

async function overlaps(context: Reviewing, row: ReviewRow, { targetGroup, schedule }: CampaignDefinition, group: Named | undefined): Promise<Warning[]> {
  const { stores, principal } = context
  if (!row.channel || targetGroup === undefined || !readable(context, 'campaign')) return []
  const zone = principal.account.timeZone
  const rule = targetGroupDefinition.safeParse(group?.definition ?? {}).data?.predicate
  const same = rule ? await groupsOfRule(stores.db, principal, JSON.stringify(rule)) : []
  const own = spanOf(row.startsAt, row.endsAt, schedule?.sendAt, zone)
  // From today on: what a running campaign did before is not in the way.
  const today = dayOf(stores.clock(), zone)
  const from = own.from === undefined || own.from < today ? today : own.from
  const span = own.to !== undefined && own.to < from ? own : { from, to: own.to }
  const others = (await runningCampaigns(stores.db, principal, row.channel, [...new Set([targetGroup, ...same])])).filter(
    (one) => one.id !== row.id && !apart(span, spanOf(one.startsAt, one.endsAt, one.sendAt, zone)),
  )
  return others.slice(0, 3).map((one) => overlap(one, row.channel ?? '', one.targetGroup === targetGroup, others.length - 3))
}

function overlap({ id, name, status }: RunningCampaign, channel: string, group: boolean, more: number): Warning {
  return {
    code: 'overlapping_campaign',
    text: `The ${status} campaign ${said(name)} (${id}) reaches ${group ? 'the same target group' : 'a target group of the same rule'} by ${channel} on the same days${more > 0 ? `, and ${more} others do` : ''}: choose other days, or leave its audience out.`,
  }
}
