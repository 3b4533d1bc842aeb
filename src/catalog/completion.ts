/** What a person may mean by what they have typed so far: values for arguments of prompts and variables of resource templates. Reads only what the principal may see. */
import type { Principal } from '../core/access.ts'
import { MercatError } from '../core/errors.ts'
import { dayOf } from '../core/period.ts'
import type { Services } from '../domain/index.ts'
import { scrubText } from './answer.ts'

/** What an answer to completion/complete holds (MCP 2026-07-28, "Completion Results"). */
export type Completion = { readonly values: string[]; readonly total: number; readonly hasMore: boolean }

/** The protocol's bound. */
const mostValues = 100
/** Nobody types more to find a name. */
const mostTyped = 200
const years = 6
const quarters = 8

export const noCompletion: Completion = { values: [], total: 0, hasMore: false }

interface Asked {
  readonly services: Services
  readonly principal: Principal
  readonly now: Date
  readonly typed: string
}

/** Names as a service finds them: those shown, and how many there are. */
interface Found {
  readonly values: readonly string[]
  readonly total: number
}

const sources = {
  organization: ({ services, typed }) => services.organizations.names('organization', typed),
  campaign: ({ services, typed }) => services.organizations.names('campaign', typed),
  webapp: ({ services, typed }) => services.organizations.names('webapp', typed),
  segment: (asked) => entities('segment', asked),
  target_group: (asked) => entities('target_group', asked),
  goal: async ({ services, typed }) => completed(await services.reports.goals(), typed),
  metric: async ({ services, typed }) =>
    completed(
      (await services.reports.definitions({})).metrics.map(({ id }) => id),
      typed,
    ),
  currency: async ({ typed }) => completed(Intl.supportedValuesOf('currency'), typed),
  year: async ({ now, principal, typed }) => completed(lastYears(yearOf(now, principal)), typed),
  quarter: async ({ now, principal, typed }) => completed(lastQuarters(dayOf(now, principal.account.timeZone)), typed),
} as const satisfies Record<string, (asked: Asked) => Promise<Found>>

/** What an argument can be completed from. */
export type Completes = keyof typeof sources

/** Whoever lacks the scope that the names need gets none: a field that completes nothing is no error. */
export async function complete(from: Completes, { typed, ...asked }: Asked): Promise<Completion> {
  if (typed.length > mostTyped) return noCompletion
  const source: (asked: Asked) => Promise<Found> = sources[from]
  // No name holds a control character, and PostgreSQL takes no NUL.
  const clean = typed
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
  const found = await source({ ...asked, typed: clean }).catch((error: unknown) => {
    if (error instanceof MercatError && error.code === 'missing_scopes') return noCompletion
    throw error
  })
  // A name that holds an address cannot leave as it is, and changed it would name nothing.
  const values = found.values.filter((value) => scrubText(value) === value)
  return bounded(values, found.total - (found.values.length - values.length))
}

/** Those that begin with what was typed, then those that hold it; whatever the case, in their order. */
export function completed(all: readonly string[], typed: string): Completion {
  const wanted = typed.slice(0, mostTyped).trim().toLowerCase()
  const holding = all.filter((value) => value.toLowerCase().includes(wanted))
  const beginning = holding.filter((value) => value.toLowerCase().startsWith(wanted))
  const values = [...beginning, ...holding.filter((value) => !beginning.includes(value))]
  return bounded(values, values.length)
}

function bounded(all: readonly string[], total: number): Completion {
  const values = all.slice(0, mostValues)
  return { values, total, hasMore: total > values.length }
}

/** Names of entities of a type. Of more than a page of them, those that begin with what was typed may be on a later one: typing on brings them. */
async function entities(type: 'segment' | 'target_group', { services, typed }: Asked): Promise<Found> {
  const page = await services.explorer.list({ type, sort: 'name', direction: 'asc', limit: mostValues, ...(typed === '' ? {} : { nameContains: typed }) })
  const { values } = completed([...new Set(page.rows.map(({ name }) => name))], typed)
  return { values, total: Math.max(values.length, page.coverage.of) }
}

function yearOf(now: Date, { account }: Principal): number {
  return Number(dayOf(now, account.timeZone).slice(0, 4))
}

/** This year first. */
function lastYears(year: number): string[] {
  return Array.from({ length: years }, (_, back) => String(year - back))
}

/** 2026-Q3 …, the current one first. */
function lastQuarters(today: string): string[] {
  const current = Number(today.slice(0, 4)) * 4 + Math.floor((Number(today.slice(5, 7)) - 1) / 3)
  return Array.from({ length: quarters }, (_, back) => `${Math.floor((current - back) / 4)}-Q${((current - back) % 4) + 1}`)
}
