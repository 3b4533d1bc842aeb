/** Billing agrees with a naive computation, to the last place, on random contracts and invoices; and what does not add up is refused at the door. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account, Principal } from '../../src/core/access.ts'
import { type EntityRow, upsertEntities } from '../../src/domain/entities/index.ts'
import { callTool } from '../call.ts'
import { makeAccount, openTestOperational, principalOf } from '../stores.ts'

const now = new Date('2026-06-15T09:00:00Z')
const today = '2026-06-15'
let stores: Awaited<ReturnType<typeof openTestOperational>>
beforeAll(async () => {
  stores = await openTestOperational(now)
})
afterAll(async () => await stores.close())

const who = (account: Account): Principal => principalOf(account, { scopes: new Set(['read:mcp', 'read:billing']) })

// Amounts are whole numbers of millionths here: nothing of the product's arithmetic is used.
const million = 1_000_000n
const toText = (value: bigint): string => {
  const digits = (value < 0n ? -value : value).toString().padStart(7, '0')
  const text = `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '')
  return `${value < 0n ? '-' : ''}${text || '0'}`
}

const currencies = ['EUR', 'CHF', 'USD'] as const
const amount = fc.bigInt({ min: 0n, max: 9_999_999_999_999n })
const day = fc
  .tuple(fc.integer({ min: 2024, max: 2026 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([y, m, d]) => `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`)
const contract = fc.record({
  year: fc.integer({ min: 2024, max: 2026 }),
  currency: fc.constantFrom(...currencies),
  fee: amount,
  unit: fc.bigInt({ min: 0n, max: 99_999_999n }),
  units: fc.integer({ min: 0, max: 1_000_000 }),
})
const line = fc.oneof(
  fc.record({ kind: fc.constantFrom('platform_fee', 'other', 'tax'), amount }),
  fc.record({ kind: fc.constant('discount'), amount: amount.map((value) => -value) }),
  // A unit line: so many units at a price with at most three places, so that the product has at most six.
  fc
    .tuple(fc.bigInt({ min: 1n, max: 99_999n }), fc.bigInt({ min: 1n, max: 99_999n }))
    .map(([units, price]) => ({ kind: 'units' as const, units, price, amount: units * price * 1000n })),
)
const invoice = fc.record({
  issued: day,
  dueAfter: fc.integer({ min: 0, max: 90 }),
  status: fc.constantFrom('open', 'paid', 'overdue', 'cancelled'),
  currency: fc.constantFrom(...currencies),
  year: fc.option(fc.integer({ min: 2024, max: 2026 }), { nil: undefined }),
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
})
type Contract = typeof contract extends fc.Arbitrary<infer T> ? T : never
type Invoice = typeof invoice extends fc.Arbitrary<infer T> ? T : never

const dueOf = ({ issued, dueAfter }: Invoice) => new Date(Date.parse(issued) + dueAfter * 86_400_000).toISOString().slice(0, 10)
const totalOf = ({ lines }: Invoice) => lines.reduce((sum, one) => sum + one.amount, 0n)
const yearOf = ({ year, issued }: Invoice) => year ?? Number(issued.slice(0, 4))
const statusOf = (one: Invoice) => (one.status === 'open' && dueOf(one) < today ? 'overdue' : one.status)
const unitsOf = ({ lines }: Invoice) => lines.reduce((sum, one) => sum + ('units' in one ? one.units : 0n), 0n)

function rows(contracts: readonly Contract[], invoices: readonly Invoice[]): EntityRow[] {
  return [
    { type: 'organization', key: 'client', name: 'Client' },
    ...contracts.map(
      ({ year, currency, fee, unit, units }, n): EntityRow => ({
        type: 'contract',
        key: `c${n}`,
        organization: 'client',
        definition: { year, currency, platformFee: toText(fee), unitCost: toText(unit), committedUnits: units },
      }),
    ),
    ...invoices.map(
      (one, n): EntityRow => ({
        type: 'invoice',
        key: `i${n}`,
        organization: 'client',
        definition: {
          issued: one.issued,
          due: dueOf(one),
          status: one.status,
          currency: one.currency,
          ...(one.year === undefined ? {} : { year: one.year }),
          lines: one.lines.map((each) => ({
            kind: each.kind,
            amount: toText(each.amount),
            ...('units' in each ? { quantity: String(each.units), unitPrice: toText(each.price * 1000n) } : {}),
          })),
          total: toText(totalOf(one)),
        },
      }),
    ),
  ]
}

const sum = (invoices: readonly Invoice[], ...statuses: string[]) => invoices.filter((one) => statuses.includes(statusOf(one))).reduce((all, one) => all + totalOf(one), 0n)

function naiveYears(contracts: readonly Contract[], invoices: readonly Invoice[]) {
  const made = []
  for (const year of [2026, 2025, 2024]) {
    for (const currency of [...currencies].sort()) {
      const agreed = contracts.filter((one) => one.year === year && one.currency === currency)
      const billed = invoices.filter((one) => yearOf(one) === year && one.currency === currency)
      if (agreed.length + billed.length === 0) continue
      const bound = agreed.length > 0
      const counted = billed.filter((one) => one.status !== 'cancelled')
      const committed = agreed.reduce((all, one) => all + one.units, 0)
      const used = counted.reduce((all, one) => all + unitsOf(one), 0n)
      const worth = agreed.reduce((all, one) => all + one.fee + one.unit * BigInt(one.units), 0n)
      const invoiced = sum(billed, 'open', 'paid', 'overdue')
      made.push({
        year,
        currency,
        committedUnits: bound ? committed : null,
        usedUnits: used.toString(),
        remainingUnits: bound ? (BigInt(committed) - used).toString() : null,
        platformFee: bound ? toText(agreed.reduce((all, one) => all + one.fee, 0n)) : null,
        committedAmount: bound ? toText(worth) : null,
        remainingAmount: bound ? toText(worth - invoiced) : null,
        invoiced: toText(invoiced),
        paid: toText(sum(billed, 'paid')),
        open: toText(sum(billed, 'open', 'overdue')),
        overdue: toText(sum(billed, 'overdue')),
        invoices: counted.length,
        usedThrough:
          counted
            .map(({ issued }) => issued)
            .sort()
            .at(-1) ?? null,
      })
    }
  }
  return made
}

test('client report and statements equal the naive computation on random contracts and invoices', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(contract, { maxLength: 5 }), fc.array(invoice, { maxLength: 12 }), async (contracts, invoices) => {
      const account = await makeAccount(stores.db)
      const { rejected } = await upsertEntities(stores.db, account.id, rows(contracts, invoices))
      expect(rejected).toEqual([])
      const report = (await callTool<{ years: Record<string, unknown>[] }>(stores, who(account), 'get_client_report', { organizationId: 'client' })).structured
      expect(report.years.map(({ usedShare: _, ...row }) => row)).toEqual(naiveYears(contracts, invoices))
      const statements = (
        await callTool<{ totals: Record<string, unknown>[]; invoices: { total: string; currency: string; status: string }[] }>(
          stores,
          who(account),
          'get_client_invoice_statements',
          { limit: 100 },
        )
      ).structured
      const naive = [...currencies]
        .sort()
        .filter((currency) => invoices.some((one) => one.currency === currency))
        .map((currency) => {
          const own = invoices.filter((one) => one.currency === currency)
          return {
            currency,
            invoices: own.filter((one) => one.status !== 'cancelled').length,
            invoiced: toText(sum(own, 'open', 'paid', 'overdue')),
            paid: toText(sum(own, 'paid')),
            open: toText(sum(own, 'open', 'overdue')),
            overdue: toText(sum(own, 'overdue')),
            cancelled: toText(sum(own, 'cancelled')),
          }
        })
      expect(statements.totals).toEqual(naive)
      // The invoices listed sum to the totals they belong to, and the years to the totals of their currency.
      for (const { currency, invoiced } of statements.totals) {
        const listed = statements.invoices.filter((one) => one.currency === currency && one.status !== 'cancelled').reduce((all, one) => all + millionths(one.total), 0n)
        const byYear = report.years.filter((row) => row.currency === currency).reduce((all, row) => all + millionths(String(row.invoiced)), 0n)
        expect([toText(listed), toText(byYear)]).toEqual([invoiced, invoiced])
      }
      // Importing the same again changes nothing.
      expect(await upsertEntities(stores.db, account.id, rows(contracts, invoices))).toMatchObject({ created: 0, updated: 0 })
    }),
    { numRuns: 40 },
  )
})

function millionths(text: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  const value = BigInt(whole) * million + BigInt(fraction.padEnd(6, '0'))
  return sign ? -value : value
}

test('an invoice that does not add up is refused with both numbers, and the others are stored', async () => {
  const account = await makeAccount(stores.db)
  const base = { issued: '2026-01-31', due: '2026-02-14' }
  const given = (key: string, definition: object): EntityRow => ({
    type: 'invoice',
    key,
    organization: 'client',
    definition: { ...base, ...definition } as Record<string, unknown>,
  })
  const result = await upsertEntities(stores.db, account.id, [
    { type: 'organization', key: 'client' },
    given('a', { lines: [{ amount: '1.10' }, { amount: '2.20' }], total: '3.31' }),
    given('b', { lines: [{ kind: 'units', amount: '1' }], total: '1' }),
    given('c', { lines: [{ kind: 'units', quantity: '3', unitPrice: '0.333', amount: '1.02' }], total: '1.02' }),
    given('d', { due: '2026-01-30', lines: [{ amount: '1' }], total: '1' }),
    given('e', { lines: [{ amount: 1.5 }], total: '1.5' }),
    { ...given('f', { lines: [{ amount: '1' }], total: '1' }), organization: 'nobody' },
    { type: 'invoice', key: 'g', definition: { ...base, lines: [{ amount: '1' }], total: '1' } },
    { type: 'contract', key: 'h', organization: 'client', definition: { year: 2026, unitCost: '-1', committedUnits: 1 } },
    given('ok', { lines: [{ kind: 'units', quantity: '3', unitPrice: '0.333', amount: '1' }], total: '1.00' }),
  ])
  expect(result).toMatchObject({ created: 2 })
  expect(result.rejected.map(({ index, reason }) => `${index} ${reason}`)).toMatchInlineSnapshot(`
    [
      "1 definition: total is 3.31, but the lines add up to 3.3",
      "2 definition: lines.0: a line of units must have a quantity",
      "3 definition: lines.0: amount is 1.02, but 3 × 0.333 is 0.999",
      "4 definition: due 2026-01-30 is before issued 2026-01-31",
      "5 definition: lines.0.amount: must be a decimal as text, like "12.50"",
      "6 organization: no organization has the key "nobody"; import it first or in the same file",
      "7 organization: an invoice must name one",
      "8 definition: unitCost: must be a decimal as text that is not negative, like "12.50"",
    ]
  `)
})
