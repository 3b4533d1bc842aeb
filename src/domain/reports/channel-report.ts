/** Shapes the answer of channel_report from the report by channel: each channel once, so that there is nothing to page. Pure. */
import { channelNamed, channelTable } from '../channels.ts'
import type { ChannelReport, Report } from './answer.ts'

export function shapeChannels({ other: _other, coverage: _coverage, nextCursor: _cursor, noActivity: _none, variants: _variants, ...report }: Report): ChannelReport {
  const reportable = report.rows.flatMap(([name]) => {
    const channel = channelNamed(String(name))
    return channel ? [[channel, channelTable[channel].join(', ')] as const] : []
  })
  return { ...report, reportable: Object.fromEntries(reportable) }
}
