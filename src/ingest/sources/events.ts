/** What becomes of a provider's event, the same for all sources: its row, and the campaign it is counted under. Provider's words never reach this file but as values. */
import type { CampaignRule } from '../../domain/sources/index.ts'
import type { ProviderEvent } from './define.ts'
import { entryOf } from './parts.ts'

/** @param type of the source: events without a campaign are counted together under a campaign of their own */
export const unassigned = (type: string): string => `unassigned-${type}`

/** The key of the campaign the event belongs to. */
export function campaignOf(event: Pick<ProviderEvent, 'tags' | 'metadata' | 'campaign'>, rules: readonly CampaignRule[], type: string): string {
  for (const rule of rules) {
    const found = foundBy(rule, event)?.trim()
    if (found) return found
  }
  return unassigned(type)
}

function foundBy(rule: CampaignRule, { tags, metadata, campaign }: Pick<ProviderEvent, 'tags' | 'metadata' | 'campaign'>): string | undefined {
  switch (rule.from) {
    case 'metadata':
      return entryOf(metadata, rule.name)
    case 'tag': {
      const { prefix = '' } = rule
      return tags.find((tag) => tag.startsWith(prefix) && tag.length > prefix.length)?.slice(prefix.length)
    }
    case 'provider':
      return campaign
    case 'fixed':
      return rule.key
  }
}

/** The event as a row of the kind `events`. Addresses are read in lower case: providers write the same one in several ways. */
export function eventRow(event: ProviderEvent, campaign: string): Record<string, unknown> {
  const recipient = event.recipient?.trim().toLowerCase() ?? ''
  return {
    campaign_id: campaign,
    // A message is one attempt to reach one customer (docs/figures.md); providers give several recipients one id.
    message_id: recipient === '' ? event.messageId : `${event.messageId} ${recipient}`,
    customer_id: recipient,
    event: event.event,
    occurred_at: event.at,
    channel: event.channel,
    event_id: event.eventId,
    bounce_type: event.event === 'bounced' ? event.bounceType : undefined,
    machine: event.machine,
    url: event.event === 'clicked' ? event.url : undefined,
    error: event.event === 'bounced' || event.event === 'failed' ? event.error : undefined,
  }
}
