/** How sources are told: their groups, their days and sums, and what the keys of a refused delivery may lack. Pure. */
import { figure } from '../../kit/index.ts'
import type { AsideReason, DayVolume, Source, SourceKind } from './types.ts'

/** The groups in which kinds of sources are offered, in their order. */
export const groups = [
  { id: 'messages', title: 'E-mail and SMS' },
  { id: 'shops', title: 'Shops and other systems' },
  { id: 'platforms', title: 'Platforms you run' },
  { id: 'own', title: 'Your own programs' },
] as const
export type GroupId = (typeof groups)[number]['id']

export function groupOf({ connection, hasCampaignRules }: Pick<SourceKind, 'connection' | 'hasCampaignRules'>): GroupId {
  if (connection === 'pull') return 'platforms'
  if (connection === 'api') return 'own'
  return hasCampaignRules ? 'messages' : 'shops'
}

/** "1 row", "1,234 rows". */
export const rowWords = (rows: number): string => (rows === 1 ? '1 row' : `${figure(rows)} rows`)

/** A name that no source has yet: "SendGrid", "SendGrid 2". */
export function freeName(title: string, taken: readonly string[]): string {
  const there = new Set(taken.map((name) => name.toLowerCase()))
  for (let number = 1; ; number++) {
    const name = number === 1 ? title : `${title} ${number}`
    if (!there.has(name.toLowerCase())) return name
  }
}

const shownDays = 7

/** The last seven days of the zone, oldest first; those on which nothing came are there too. */
export function lastDays(days: readonly DayVolume[], timeZone: string): readonly DayVolume[] {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date())
  return Array.from({ length: shownDays }, (_, index) => {
    const day = new Date(Date.parse(`${today}T00:00:00Z`) - (shownDays - 1 - index) * 86_400_000).toISOString().slice(0, 10)
    return days.find((one) => one.day === day) ?? { day, requests: 0, accepted: 0, ignored: 0, rejected: 0 }
  })
}

export type Sums = Omit<DayVolume, 'day'>

export const sumOf = (days: readonly DayVolume[]): Sums =>
  days.reduce<Sums>(
    (sum, { requests, accepted, ignored, rejected }) => ({
      requests: sum.requests + requests,
      accepted: sum.accepted + accepted,
      ignored: sum.ignored + ignored,
      rejected: sum.rejected + rejected,
    }),
    { requests: 0, accepted: 0, ignored: 0, rejected: 0 },
  )

/** "1,234 rows loaded, 3 set aside". */
export const cameWords = ({ accepted, rejected }: Pick<Sums, 'accepted' | 'rejected'>): string =>
  `${rowWords(accepted)} loaded${rejected > 0 ? `, ${figure(rejected)} set aside` : ''}`

/** Reasons as they are acted on: items of several forms that are set aside for the same reason go together. */
export function byReason(reasons: readonly AsideReason[]): readonly Omit<AsideReason, 'kind'>[] {
  const together = new Map<string, Omit<AsideReason, 'kind'>>()
  for (const { reason, items, first, last } of reasons) {
    const before = together.get(reason)
    together.set(reason, {
      reason,
      items: items + (before?.items ?? 0),
      first: before && before.first < first ? before.first : first,
      last: before && before.last > last ? before.last : last,
    })
  }
  return [...together.values()].sort((a, b) => b.items - a.items)
}

/** What people of this kind of source copy and keep. */
export const secretWord = ({ connection }: Pick<Source, 'connection'>): string => (connection === 'api' ? 'key' : 'address')

/** What to look at when deliveries are refused. */
export function checks({ connection, title }: Pick<Source, 'connection' | 'title'>): readonly string[] {
  if (connection === 'pull')
    return [`${title} runs, and the server of Mercat can reach its address.`, `The address and the credentials here are those of ${title}, and they may read.`]
  if (connection === 'api') return ['The program sends the newest key: one from before works for only 24 hours.', 'Each line is one row, with the fields that the reason names.']
  return [
    `The address at ${title} is the whole one, to its last character: one from before works for only 24 hours.`,
    `The settings here are those that ${title} shows now; a key that was renewed there has to be renewed here.`,
  ]
}

/** How a first delivery is made to come. */
export function firstDelivery(source: Pick<SourceKind, 'connection' | 'hasCampaignRules' | 'title'>): string {
  switch (groupOf(source)) {
    case 'platforms':
      return `Press “Pull now”, and Mercat asks ${source.title} at once. After that it asks by itself, by the clock.`
    case 'own':
      return 'Run the command of the step before, or let your program send a first row.'
    case 'shops':
      return `Press the test button beside the webhook at ${source.title}, or let something real happen: a test order, for example.`
    case 'messages':
      return `Press the test button beside the webhook at ${source.title}, or send a message to yourself.`
  }
}
