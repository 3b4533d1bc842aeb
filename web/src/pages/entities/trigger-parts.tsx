/** A trigger: the event, for whom it counts, and what follows within which time. */
import { Text } from '@mantine/core'
import { Card, Section } from '../../kit/index.ts'
import classes from './entities.module.css'
import { Facts } from './facts.tsx'
import { EntityLink, linkTo } from './linked.tsx'
import { Rule, ruleAt } from './rule.tsx'
import type { PartsProps } from './types.ts'
import { conditionWords, duration } from './words.ts'

export function TriggerParts({ account, of, definition: { event, where, windowHours, followUp } }: PartsProps<'trigger'>) {
  const audience = ruleAt(of, 'audience')
  const whole = ruleAt(of, '')
  const follows = [
    ...(followUp?.flow === undefined ? [] : [linkTo(of.links, 'flow', followUp.flow)]),
    ...(followUp?.campaign === undefined ? [] : [linkTo(of.links, 'campaign', followUp.campaign)]),
  ]
  return (
    <Section title="What it does">
      <Card>
        <Facts
          of={[
            [
              'When',
              event === undefined ? (
                'No event is named yet'
              ) : (
                <span key="event">
                  The event <bdi>{event}</bdi>
                </span>
              ),
            ],
            where.length > 0 && [
              'And all of this holds',
              <ul key="where" className={classes.lines}>
                {where.map((one) => (
                  <li key={JSON.stringify(one)}>
                    <bdi>{conditionWords(one)}</bdi>
                  </li>
                ))}
              </ul>,
            ],
            ['For', audience === undefined ? 'Every customer' : <Rule key="audience" text={audience} />],
            [
              'Then',
              follows.length === 0
                ? 'Nothing follows yet'
                : follows.map((link) => (
                    <div key={link.type}>
                      {link.type === 'flow' ? 'Starts the flow ' : 'Sends '}
                      <EntityLink account={account} to={link} />
                    </div>
                  )),
            ],
            followUp?.delayMinutes !== undefined && ['After', duration(followUp.delayMinutes)],
            windowHours !== undefined && ['At the latest', `${duration(windowHours * 60)} after the event`],
          ]}
        />
        {whole === undefined ? null : (
          <Text size="sm" c="dimmed" mt="md" component="div">
            In words: <Rule text={whole} />.
          </Text>
        )}
      </Card>
    </Section>
  )
}
