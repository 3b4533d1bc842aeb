/** What the settings form holds, and which of it changed. Pure; draws nothing. */
import type { CustomerAttribute, Goal, Settings } from './types.ts'

export interface SettingsValues {
  readonly name: string
  readonly timeZone: string
  readonly currency: string
  readonly toolsets: readonly string[]
  readonly attribution: Settings['settings']['attribution']
  readonly goals: readonly Goal[]
  readonly customerAttributes: readonly CustomerAttribute[]
  readonly privacyFloor: number
  readonly retentionDays: number
}

export function valuesOf({ account, settings }: Settings): SettingsValues {
  const { toolsets, attribution, goals, customerAttributes, privacyFloor, retentionDays } = settings
  return { name: account.name, timeZone: account.timeZone, currency: account.currency, toolsets, attribution, goals, customerAttributes, privacyFloor, retentionDays }
}

const ofAccount = ['name', 'timeZone', 'currency'] as const
const ofSettings = ['toolsets', 'attribution', 'goals', 'customerAttributes', 'privacyFloor', 'retentionDays'] as const
/** A change of these counts all figures anew. */
const counted: readonly (keyof SettingsValues)[] = ['timeZone', 'currency', 'attribution', 'goals']

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** The fields that differ from what is stored. */
export function changedKeys(values: SettingsValues, stored: SettingsValues): (keyof SettingsValues)[] {
  return [...ofAccount, ...ofSettings].filter((key) => !same(values[key], stored[key]))
}

export function recounts(keys: readonly (keyof SettingsValues)[]): boolean {
  return keys.some((key) => counted.includes(key))
}

/** Only what changed is sent: what another person changed meanwhile stays. */
export function changeOf(values: SettingsValues, keys: readonly (keyof SettingsValues)[]) {
  const pick = (wanted: readonly (keyof SettingsValues)[]) => Object.fromEntries(wanted.filter((key) => keys.includes(key)).map((key) => [key, values[key]]))
  const settings = pick(ofSettings)
  return { ...pick(ofAccount), ...(Object.keys(settings).length > 0 && { settings }) }
}

const between = (value: number, least: number, most: number, what: string) => (value < least || value > most ? `From ${least} to ${most} ${what}` : undefined)

/** What can be told before the server is asked, by the path of the field. The server judges all of it anew. */
export function wrongIn({ name, attribution, goals, customerAttributes, privacyFloor, retentionDays }: SettingsValues): Readonly<Record<string, string>> {
  const found: [string, string | undefined][] = [
    ['name', name.trim() === '' ? 'Give the account a name' : undefined],
    ['attribution.windowDays', between(attribution.windowDays, 1, 30, 'days')],
    ['privacyFloor', between(privacyFloor, 0, 1000, 'people')],
    ['retentionDays', between(retentionDays, 1, 365, 'days')],
    ...goals.flatMap((goal, index): [string, string | undefined][] => [
      [`goals.${index}.name`, goal.name.trim() === '' ? 'Give the goal a name' : undefined],
      [`goals.${index}.statuses`, goal.statuses.length === 0 ? 'Choose at least one' : undefined],
    ]),
    ...customerAttributes.map((attribute, index): [string, string | undefined] => [
      `customerAttributes.${index}.name`,
      wrongName(attribute.name, customerAttributes.slice(0, index)),
    ]),
  ]
  return Object.fromEntries(found.flatMap(([field, message]) => (message === undefined ? [] : [[field, message]])))
}

function wrongName(name: string, before: readonly CustomerAttribute[]): string | undefined {
  if (name.trim() === '') return 'Give the attribute its name in the data'
  return before.some((one) => one.name.trim() === name.trim()) ? 'This attribute is declared above' : undefined
}
