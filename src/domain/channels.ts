/** The channels and what each can report: a rate over events that a channel cannot report is null, never 0. */

export const channelNames = ['Email', 'SMS', 'WhatsApp', 'Viber', 'MobilePush', 'WebPush'] as const
export type ChannelName = (typeof channelNames)[number]

/** What a channel's provider can tell, beside sends and failures. */
export type ReportableEvent = 'opens' | 'clicks' | 'unsubscribes' | 'complaints' | 'bounces'

export const channelTable: Record<ChannelName, readonly ReportableEvent[]> = {
  Email: ['opens', 'clicks', 'unsubscribes', 'complaints', 'bounces'],
  SMS: ['clicks', 'unsubscribes', 'bounces'],
  WhatsApp: ['opens', 'clicks', 'unsubscribes', 'bounces'],
  Viber: ['opens', 'clicks', 'unsubscribes', 'bounces'],
  MobilePush: ['opens', 'clicks', 'bounces'],
  WebPush: ['clicks', 'bounces'],
}

const byLowerCase = new Map(channelNames.map((name) => [name.toLowerCase(), name]))

/** The channel a name means, whatever its case; undefined for an unknown one. */
export function channelNamed(name: string): ChannelName | undefined {
  return byLowerCase.get(name.trim().toLowerCase())
}
