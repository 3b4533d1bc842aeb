/** The demo's organizations: the two shops, and a foundation whose mailings go to people of one of them. What they pay is bills.ts. Writes nothing. */
import { Temporal } from 'temporal-polyfill'
import type { Day } from '../../core/period.ts'
import type { EntityRow } from '../../domain/entities/index.ts'
import { type BrandKey, brands, fjell, lume } from './world.ts'

export const lichtblick = 'lichtblick'
/** A shop's key is that of its brand. */
export const organizationKeys = [fjell, lume, lichtblick] as const
export type OrganizationKey = (typeof organizationKeys)[number]

interface Organization {
  readonly name: string
  /** What marketers call it in campaign names. */
  readonly short: string
  /** Whose people get its mailings. */
  readonly brand: BrandKey
  readonly site: string
  readonly country: string
  readonly contact: { readonly name: string; readonly email: string }
  /** The platform's own steps, with the days before the demo's first day on which they were done; none: open. */
  readonly onboarding: readonly { readonly name: string; readonly daysBefore?: number; readonly state?: 'not_needed' }[]
}

export const organizations: Record<OrganizationKey, Organization> = {
  [fjell]: {
    ...brands[fjell],
    brand: fjell,
    country: 'DE',
    contact: { name: 'Marit Solbakken', email: 'marit@fjell-fjord.example' },
    onboarding: [
      { name: 'Contract signed', daysBefore: 160 },
      { name: 'Agreement on data processing', daysBefore: 155 },
      { name: 'Sender domain verified', daysBefore: 131 },
      { name: 'Test order printed and approved', daysBefore: 124 },
    ],
  },
  [lume]: {
    ...brands[lume],
    brand: lume,
    country: 'AT',
    contact: { name: 'Ottavia Brandner', email: 'ottavia@casa-lume.example' },
    onboarding: [
      { name: 'Contract signed', daysBefore: 140 },
      { name: 'Agreement on data processing', daysBefore: 138 },
      { name: 'Own payment provider connected', state: 'not_needed' },
      { name: 'Test order printed and approved', daysBefore: 122 },
    ],
  },
  [lichtblick]: {
    name: 'Lichtblick Foundation',
    short: 'Lichtblick',
    brand: lume,
    site: 'https://www.lichtblick.example',
    country: 'CH',
    contact: { name: 'Reto Amsler', email: 'reto@lichtblick.example' },
    onboarding: [
      { name: 'Contract signed', daysBefore: 60 },
      { name: 'Agreement on data processing', daysBefore: 52 },
      { name: 'Privacy page in Italian' },
      { name: 'Test order printed and approved' },
    ],
  },
}

/** What the foundation pays in: not what the account does. */
export const foreignCurrency = (home: string): string => (home === 'CHF' ? 'EUR' : 'CHF')

/** @param first the demo's first day */
export function organizationRows(first: Day, currency: string): EntityRow[] {
  return organizationKeys.map((key): EntityRow => {
    const { name, site, country, contact, onboarding } = organizations[key]
    const steps = onboarding.map(({ name: step, daysBefore, state }) => ({
      name: step,
      ...(daysBefore === undefined ? { state: state ?? 'open' } : { state: 'done', date: Temporal.PlainDate.from(first).subtract({ days: daysBefore }).toString() }),
    }))
    return {
      type: 'organization',
      key,
      name,
      definition: { currency: key === lichtblick ? foreignCurrency(currency) : currency, website: site, country, contact, onboarding: steps },
    }
  })
}
