/** The question of the page: what the address carries, and the arguments that it means for a tool. What is wrong in it, the server says. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { daysOf, type Days, lengthOf, type Preset, presets, todayIn, unitFor, usualPreset } from './period.ts'

/** The reports, each with the tool that gives it. */
export const tabs = {
  overview: { title: 'Overview', tool: 'account_overview' },
  campaigns: { title: 'Campaigns', tool: 'campaign_report' },
  flows: { title: 'Flows', tool: 'flow_report' },
  channels: { title: 'Channels', tool: 'channel_report' },
  health: { title: 'E-mail health', tool: 'email_health_report' },
} as const
export type Tab = keyof typeof tabs

/** Filters that are one value, and the argument each is. */
const single = { compare: 'compareTo', basis: 'timeBasis', goal: 'goal', activation: 'activationType', name: 'nameContains', group: 'groupBy', unit: 'timeline' } as const
/** Filters that are several values. */
const several = { channels: 'channels', brands: 'brands', folders: 'folders', tags: 'tags', flows: 'flowIds', metrics: 'metrics' } as const

const names = ['report', 'period', 'from', 'to', 'sort', 'active', ...Object.keys(single), ...Object.keys(several)] as readonly Name[]
export type Single = keyof typeof single
export type Several = keyof typeof several
export type Name = Single | Several | 'report' | 'period' | 'from' | 'to' | 'sort' | 'active'
export type Question = { readonly [Part in Name]?: string | undefined }
export type Change = (change: Question) => void

const cuts: readonly Name[] = ['channels', 'brands', 'folders', 'tags', 'flows', 'activation', 'name']
const figures: readonly Name[] = ['compare', 'basis', 'goal', 'metrics', 'unit']
/** What each report can be asked. */
const taken: Readonly<Record<Tab, readonly Name[]>> = {
  overview: figures,
  campaigns: [...figures, 'group', ...cuts.filter((name) => name !== 'flows')],
  flows: [...figures, 'group', 'active', ...cuts.filter((name) => name !== 'activation')],
  channels: [...figures, ...cuts.filter((name) => name !== 'flows')],
  health: cuts.filter((name) => name !== 'flows' && name !== 'channels'),
}
export const takes = (tab: Tab, name: Name): boolean => taken[tab].includes(name)

/** What holds when the address says nothing of it. */
export const usual: Question = { report: 'overview', period: usualPreset, compare: 'previousPeriod', basis: 'send' }
/** What the tools take for granted: it is not sent. */
const toolDefaults: Readonly<Record<string, string>> = { compareTo: 'none', timeBasis: 'send' }
const groupDefaults: Partial<Record<Tab, string>> = { campaigns: 'campaign', flows: 'flow' }

/** The figures of a report when none were chosen. */
export const usualMetrics = ['deliveries', 'openRate', 'clickRate', 'orders', 'revenue']

/** The values of a list in the address. */
export function listOf(text: string | undefined): string[] {
  return (text ?? '').split(',').flatMap((part) => {
    if (part === '') return []
    try {
      return [decodeURIComponent(part)]
    } catch {
      return [part]
    }
  })
}
export const asList = (values: readonly string[]): string | undefined => values.map((value) => value.replace(/[%,]/g, encodeURIComponent)).join(',') || undefined

export function useQuestion(): [Question, Change, () => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const question: Question = Object.fromEntries(names.flatMap((name) => (typeof search[name] === 'string' && search[name] !== '' ? [[name, search[name]]] : [])))
  const go = (next: Question) => {
    const kept = Object.entries(next).filter(([name, value]) => value !== usual[name as Name])
    void navigate({ to: '.', search: Object.fromEntries(kept) as never, replace: true, resetScroll: false })
  }
  const clear = () => go(Object.fromEntries((['report', 'period', 'from', 'to'] as const).map((name) => [name, question[name]])))
  return [question, (change) => go({ ...question, ...change }), clear]
}

export const tabOf = ({ report }: Question): Tab => (report !== undefined && Object.hasOwn(tabs, report) ? (report as Tab) : 'overview')
export const presetOf = ({ period, from, to }: Question): Preset => {
  if (period !== undefined && Object.hasOwn(presets, period)) return period as Preset
  return from !== undefined || to !== undefined ? 'custom' : usualPreset
}

/** The days that are asked for. */
export function periodOf(question: Question, timeZone: string): Days {
  const today = todayIn(timeZone)
  const usualDays = daysOf(usualPreset, today) ?? { start: today, end: today }
  return daysOf(presetOf(question), today) ?? { start: question.from ?? usualDays.start, end: question.to ?? today }
}

/** Asked for like figures, but no columns: they sort nothing. */
const besides = ['uplift', 'share']

/** The figures, in the order they were chosen, and the one that sorts. */
export function columnsOf(question: Question): { readonly metrics: readonly string[]; readonly sort: string | undefined } {
  const chosen = listOf(question.metrics)
  const metrics = chosen.every((id) => besides.includes(id)) ? [...usualMetrics, ...chosen] : chosen
  const sortable = metrics.filter((id) => !besides.includes(id))
  return { metrics, sort: question.sort !== undefined && sortable.includes(question.sort) ? question.sort : sortable[0] }
}

export type Arguments = Readonly<Record<string, unknown>>

/** The arguments of the tool, nothing in them that it takes for granted. The API takes the same. */
export function argumentsOf(tab: Tab, question: Question, timeZone: string): Arguments {
  const given = { ...usual, ...question }
  const period = periodOf(question, timeZone)
  const { start, end } = period
  const dates = tab !== 'health' && presetOf(question) === usualPreset ? {} : { startDate: start, endDate: end }
  const one = (Object.keys(single) as Single[]).flatMap((name): [string, string][] => {
    const value = name === 'unit' ? (question.unit ?? unitFor(lengthOf(period))) : given[name]
    const isDefault = value === toolDefaults[single[name]] || (name === 'group' && value === groupDefaults[tab])
    return value === undefined || isDefault || !takes(tab, name) ? [] : [[single[name], value]]
  })
  const many = (Object.keys(several) as Several[]).flatMap((name): [string, readonly string[]][] => {
    const values = name === 'metrics' ? metricsOf(question) : listOf(question[name])
    return values.length === 0 || !takes(tab, name) ? [] : [[several[name], values]]
  })
  return { ...dates, ...Object.fromEntries([...many, ...one]), ...(takes(tab, 'active') && question.active === 'true' ? { activeOnly: true } : {}) }
}

/** The figures to send, the one that sorts first; none where they are the usual ones. */
function metricsOf(question: Question): readonly string[] {
  const { metrics, sort } = columnsOf(question)
  const isUsual = question.metrics === undefined && sort === metrics[0]
  return isUsual || sort === undefined ? [] : [sort, ...metrics.filter((id) => id !== sort)]
}

/** The filter that an argument of a tool is set by. */
export function nameOf(argument: string | undefined): Name | undefined {
  const plain = argument?.replace(/[[.].*$/, '')
  if (plain === 'startDate') return 'from'
  if (plain === 'endDate') return 'to'
  return Object.entries({ ...single, ...several }).find(([, own]) => own === plain)?.[0] as Name | undefined
}
