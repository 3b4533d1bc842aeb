/** Organization: a client inside an account; a single company has one, itself. Its contact is for people at the dashboard and never in an answer. */
import { z } from 'zod'
import { derivedId } from '../../../core/ids.ts'
import { countryField, currencyField, urlField } from '../fields.ts'
import { defineRecord } from './define.ts'

const word = z.string().trim().min(1).max(200)

export const contactField = z.strictObject({ name: word.optional(), email: z.email().max(254).optional(), phone: z.string().trim().min(1).max(50).optional() })

export const onboardingStates = ['open', 'done', 'not_needed'] as const

export const organizationDefinition = z.strictObject({
  /** Default: the account's. */
  currency: currencyField.optional(),
  contact: contactField.optional(),
  website: urlField.optional(),
  country: countryField.optional(),
  /** Steps of the platform's own checklist, besides the four that Mercat follows itself. */
  onboarding: z
    .array(z.strictObject({ name: word, state: z.enum(onboardingStates).default('open'), date: z.iso.date().optional() }))
    .max(50)
    .optional(),
})
export type OrganizationDetails = Omit<z.output<typeof organizationDefinition>, 'currency'>

interface Row {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly currency: string
  readonly details: OrganizationDetails
}

export default defineRecord({
  type: 'organization',
  title: 'Organization',
  description: 'A client inside the account, with its currency, contact and onboarding.',
  owned: false,
  definition: organizationDefinition,
  known: async (db, accountId) => {
    const rows = await db.selectFrom('organizations').select(['id', 'key', 'name', 'currency', 'details']).where('account_id', '=', accountId).execute()
    return new Map(rows.map((row) => [row.key, { ...row, details: row.details as OrganizationDetails }]))
  },
  make: (given, { currency, ...details }, _, stored, call) => {
    const row: Row = {
      id: stored?.id ?? derivedId('organization', call.accountId, given.key),
      key: given.key,
      name: given.name ?? stored?.name ?? given.key,
      currency: currency ?? call.currency,
      details,
    }
    return { row }
  },
  definitionOf: ({ currency, details }) => ({ currency, ...details }),
  write: async (db, { details, ...row }, { accountId, origin, createdBy }) => {
    await db
      .insertInto('organizations')
      .values({ ...row, account_id: accountId, details: JSON.stringify(details), origin, created_by: createdBy })
      .onConflict((conflict) =>
        conflict.columns(['account_id', 'key']).doUpdateSet({ name: row.name, currency: row.currency, details: JSON.stringify(details), updated_at: new Date() }),
      )
      .execute()
  },
})
