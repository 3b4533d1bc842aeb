/** Figures of an organization's campaigns: totals, where orders came from and what was ordered, and how all of it was made. */
import { Text } from '@mantine/core'
import { amounts, Bars, Chart, dayWords, figure, share, Tile, Tiles, Time } from '../../kit/index.ts'
import classes from './organizations.module.css'
import type { Performance } from './types.ts'

export function Totals({ figures: { total, coverage } }: { figures: Performance }) {
  const facts = [
    { name: 'Orders', value: figure(total.orders), more: `of ${figure(coverage.of)} ${coverage.of === 1 ? 'campaign' : 'campaigns'}` },
    ...(total.revenue.length > 0
      ? total.revenue.map((one) => ({ name: `Revenue in ${one.currency}`, value: amounts([one]), more: undefined }))
      : [{ name: 'Revenue', value: '–', more: undefined }]),
    // Who sends nothing through campaigns is not told so in every figure.
    ...(total.deliveries > 0
      ? [
          { name: 'Deliveries', value: figure(total.deliveries), more: `${figure(total.clicks)} clicks` },
          { name: 'Orders per delivery', value: share(total.conversionRate), more: undefined },
        ]
      : []),
  ]
  return (
    <Tiles narrowest="11.5rem">
      {facts.map(({ name, value, more }) => (
        <Tile key={name} title={name} value={value}>
          {more === undefined ? null : <dd>{more}</dd>}
        </Tile>
      ))}
    </Tiles>
  )
}

/** Rows that a picture holds; the table has all. */
const mostBars = 8

export function Shares({ figures: { countries, products, total } }: { figures: Performance }) {
  const all = total.orders ?? 0
  if (all === 0) return null
  const parts = [
    {
      title: 'Orders by country',
      columns: ['Country', 'Orders', 'Share', 'Revenue'],
      rows: countries.map(({ country, orders, revenue }) => ({ name: country || 'Not known', orders, rest: [amounts(revenue)] })),
    },
    {
      title: 'Orders by product',
      columns: ['Product', 'Orders', 'Share'],
      rows: products.map(({ product, orders }) => ({ name: product || 'Not known', orders, rest: [] as string[] })),
    },
  ]
  return (
    <div className={classes.pair}>
      {parts.map(({ title, columns, rows }) => {
        const most = Math.max(...rows.map(({ orders }) => orders), 1)
        return (
          <Chart
            key={title}
            title={title}
            alt={`${title}: ${rows
              .slice(0, mostBars)
              .map(({ name, orders }) => `${name} ${figure(orders)}`)
              .join(', ')}`}
            table={{ columns, rows: rows.map(({ name, orders, rest }) => [name, figure(orders), share(orders / all), ...rest]) }}
            foot={rows.length > mostBars ? `The first ${mostBars} of ${rows.length}; the table has all.` : undefined}
          >
            <Bars
              label={title}
              rows={rows.slice(0, mostBars).map(({ name, orders }) => ({ key: name, name, part: orders / most, value: figure(orders), note: share(orders / all) }))}
            />
          </Chart>
        )
      })}
    </div>
  )
}

/** How the figures were made, for whoever compares them with others. */
export function FiguresOf({ figures: { passport, cautions, coverage } }: { figures: Performance }) {
  const { startDate, endDate, timeZone, goal, attribution, dataAsOf } = passport
  return (
    <Text size="xs" c="dimmed" component="div">
      Orders placed {dayWords(startDate, undefined)} to {dayWords(endDate, undefined)} ({timeZone}). Goal <bdi>{goal}</bdi>; {attribution}.{' '}
      {dataAsOf === null ? null : (
        <>
          Newest data <Time at={dataAsOf} />.{' '}
        </>
      )}
      {coverage.shown < coverage.of ? `Figures of single campaigns: the ${coverage.shown} with most orders. ` : null}
      {cautions.length > 0 ? (
        <ul className={classes.notes}>
          {cautions.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
    </Text>
  )
}
