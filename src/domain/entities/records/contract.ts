/** Contract: what an organization has agreed to pay in a year. */
import { z } from 'zod'
import { derivedId } from '../../../core/ids.ts'
import { normalDecimal } from '../../../core/money.ts'
import { amountField, currencyField, yearField } from '../fields.ts'
import { defineRecord } from './define.ts'

export const contractDefinition = z.strictObject({
  year: yearField,
  /** ISO 4217; default: the organization's. */
  currency: currencyField.optional(),
  /** For the year. */
  platformFee: amountField.default('0'),
  /** Price of one unit. */
  unitCost: amountField,
  /** Units of the year that are paid for in any case. */
  committedUnits: z.number().int().min(0).max(1_000_000_000),
})

export default defineRecord({
  type: 'contract',
  title: 'Contract',
  description: 'What an organization has agreed to pay in a year: plan (its name), platform fee, price of a unit and committed units.',
  owned: true,
  definition: contractDefinition,
  known: async (db, accountId) => {
    const columns = ['id', 'organization_id', 'key', 'year', 'plan', 'currency', 'platform_fee', 'unit_cost', 'committed_units'] as const
    const rows = await db.selectFrom('contracts').select(columns).where('account_id', '=', accountId).execute()
    return new Map(rows.map((row) => [row.key, { ...row, platform_fee: normalDecimal(row.platform_fee), unit_cost: normalDecimal(row.unit_cost) }]))
  },
  make: (given, { year, currency, platformFee, unitCost, committedUnits }, owner, stored, { accountId }) => {
    if (!owner) return { reason: 'organization: a contract must name one' }
    return {
      row: {
        id: stored?.id ?? derivedId('contract', accountId, given.key),
        organization_id: owner.id,
        key: given.key,
        year,
        plan: given.name ?? stored?.plan ?? given.key,
        currency: currency ?? owner.currency,
        platform_fee: normalDecimal(platformFee),
        unit_cost: normalDecimal(unitCost),
        committed_units: committedUnits,
      },
    }
  },
  definitionOf: ({ year, currency, platform_fee, unit_cost, committed_units }) => ({
    year,
    currency,
    platformFee: platform_fee,
    unitCost: unit_cost,
    committedUnits: committed_units,
  }),
  write: async (db, row, { accountId, origin }) => {
    const { id: _, key: __, ...changes } = row
    await db
      .insertInto('contracts')
      .values({ ...row, account_id: accountId, origin })
      .onConflict((conflict) => conflict.columns(['account_id', 'key']).doUpdateSet({ ...changes, updated_at: new Date() }))
      .execute()
  },
})
