/** What sending did: people who got a campaign against those held out of it, in plain words. Shown only where there is a control group. */
import { Badge, Text } from '@mantine/core'
import { Card, figure, Section } from '../../kit/index.ts'
import classes from './reports.module.css'
import type { Answer, Cell } from './types.ts'
import { said } from './words.ts'

type Row = NonNullable<Answer['uplift']>[number]
type Measure = NonNullable<Row['visits']>

const kinds = [
  { field: 'orders', title: 'Ordered' },
  { field: 'visits', title: 'Visited' },
  { field: 'revenuePerCustomer', title: 'Revenue per person' },
] as const

export function Uplift({ rows, currency }: { rows: Answer['uplift']; currency: string }) {
  if (!rows || rows.length === 0) return null
  return (
    <Section title="Uplift" description="People who got the campaign against people who were held out of it, whatever was clicked.">
      <div className={classes.pair}>
        {rows.map((row) => (
          <Card key={row.id}>
            <h3 className={classes.cardTitle}>
              <bdi>{row.campaign}</bdi>
            </h3>
            <Text size="sm" c="dimmed">
              {people(row.treated)} got it, {people(row.heldOut)} were held out
            </Text>
            <dl className={classes.uplift}>
              {kinds.map(({ field, title }) => (
                <div key={field}>
                  <dt>{title}</dt>
                  <dd>{row[field] === null ? 'Too few people to tell' : <Difference measure={row[field]} isMoney={field === 'revenuePerCustomer'} currency={currency} />}</dd>
                </div>
              ))}
            </dl>
          </Card>
        ))}
      </div>
    </Section>
  )
}

const people = (count: number | string) => (typeof count === 'number' ? figure(count) : count)
const points = (value: number) => `${Number((value * 100).toPrecision(3))}`
const signed = (value: number, words: string) => (value > 0 ? `+${words}` : words)
const chance = (p: number) => (p < 0.001 ? 'p\u00A0<\u00A00.001' : `p\u00A0=\u00A0${Number(p.toPrecision(2))}`)

function Difference({ measure: { uplift, low, high, p, treated, heldOut }, isMoney, currency }: { measure: Measure; isMoney: boolean; currency: string }) {
  const words = (value: number) => (isMoney ? said(String(value), { ...money }, currency) : points(value))
  const real = low > 0 || high < 0
  const arms = [treated, heldOut].map((cell) => armWords(cell, isMoney, currency))
  return (
    <>
      <b>
        {signed(uplift, words(uplift))}
        {isMoney ? '' : ' points'}
      </b>{' '}
      <Badge size="sm" color={real ? (uplift > 0 ? 'teal' : 'red') : 'gray'} component="span">
        {real ? (uplift > 0 ? 'More than chance' : 'Less, beyond chance') : 'May be chance'}
      </Badge>
      <Text size="xs" c="dimmed" component="div">
        {arms[0] !== undefined && arms[1] !== undefined ? `${arms[0]} against ${arms[1]}. ` : ''}
        95% interval {words(low)} to {words(high)}
        {p === null ? '' : `, ${chance(p)}`}
      </Text>
    </>
  )
}

/** Means of amounts, for the words of a figure. */
const money = { id: 'revenuePerCustomer', title: '', unit: 'money', version: 1, definition: '', channels: [], adds: false, interval: null, section: '' }

function armWords(cell: Cell | undefined, isMoney: boolean, currency: string): string | undefined {
  if (!Array.isArray(cell)) return undefined
  return isMoney ? said(cell[0] ?? null, { ...money }, currency) : said(cell[0] ?? null, { ...money, unit: 'rate' }, currency)
}
