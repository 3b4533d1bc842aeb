/** A stream: its campaigns in the order they are tried, each with its treatment and for whom it is. */
import { Text } from '@mantine/core'
import { Card, Section } from '../../kit/index.ts'
import classes from './entities.module.css'
import { EntityLink, linkTo } from './linked.tsx'
import { Rule, ruleAt } from './rule.tsx'
import type { PartsProps } from './types.ts'

export function StreamParts({ account, of, definition: { campaigns, measurementDays } }: PartsProps<'stream'>) {
  return (
    <Section
      title="Campaigns in their order"
      description={`A customer gets the first whose condition holds. ${measurementDays === undefined ? 'It is measured as a whole, in the attribution window of the account.' : `It is measured as a whole, over ${measurementDays} days.`}`}
    >
      {campaigns.length === 0 ? (
        <Text size="sm" c="dimmed">
          It has no campaign yet.
        </Text>
      ) : (
        <Card flush>
          <ol className={classes.order}>
            {campaigns.map(({ campaign, treatment }, index) => {
              const rule = ruleAt(of, `campaigns[${index}].condition`)
              return (
                <li key={`${String(index)} ${campaign}`}>
                  <span className={classes.number} aria-hidden>
                    {index + 1}
                  </span>
                  <div className={classes.ordered}>
                    <div className={classes.strong}>
                      <EntityLink account={account} to={linkTo(of.links, 'campaign', campaign)} />
                    </div>
                    {treatment === undefined ? null : (
                      <div>
                        Treatment <bdi>{treatment}</bdi>
                      </div>
                    )}
                    <div className={classes.small}>{rule === undefined ? 'Whoever is left' : <Rule text={rule} />}</div>
                  </div>
                </li>
              )
            })}
          </ol>
        </Card>
      )}
    </Section>
  )
}
