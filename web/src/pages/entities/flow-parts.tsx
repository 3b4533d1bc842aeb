/** A flow step by step: what starts it, what it sends, where it waits and divides. A list for whoever hears it, a drawing of the same list for whoever sees it. */
import { Text } from '@mantine/core'
import { type Icon, IconArrowsSplit2, IconBolt, IconClock, IconCalendarRepeat, IconFilterQuestion, IconFlask, IconMail, IconTrafficCone } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Badge } from '@mantine/core'
import { Card, Day, figure, Section, statusWord } from '../../kit/index.ts'
import classes from './flow.module.css'
import { type FlowLine, type FlowNode, type FlowStep, flowTree } from './flow-tree.ts'
import { EntityLink, linkTo } from './linked.tsx'
import { Rule, ruleAt } from './rule.tsx'
import type { PartsProps } from './types.ts'
import { conditionWords, duration } from './words.ts'

const kinds: Readonly<Record<FlowNode['kind'], { readonly icon: Icon; readonly words: string }>> = {
  event_start: { icon: IconBolt, words: 'Starts with an event' },
  schedule_start: { icon: IconCalendarRepeat, words: 'Starts by a schedule' },
  condition: { icon: IconFilterQuestion, words: 'Asks' },
  step: { icon: IconMail, words: 'Sends' },
  splitter: { icon: IconArrowsSplit2, words: 'Splits by share' },
  wait: { icon: IconClock, words: 'Waits' },
  ab_split: { icon: IconFlask, words: 'A/B test' },
  limit: { icon: IconTrafficCone, words: 'Limits' },
}

export function FlowParts(props: PartsProps<'flow'>) {
  const { nodes, versions, launch } = props.definition
  const ways = flowTree(nodes)
  return (
    <>
      <Section
        title="Steps"
        description={
          launch &&
          `A customer enters ${launch.entries === 'once' ? 'once' : `again and again${launch.pauseDays === undefined ? '' : `, at the earliest after ${figure(launch.pauseDays)} days`}`}.`
        }
      >
        {ways.length === 0 ? (
          <Text size="sm" c="dimmed">
            Its steps are not known: import the flow with its nodes.
          </Text>
        ) : (
          ways.map(({ started, lines }, index) => (
            <Card key={String(index)} mt={index === 0 ? 0 : 'sm'}>
              {started ? null : (
                <Text size="sm" c="dimmed" mb="xs">
                  No start leads here:
                </Text>
              )}
              <Way lines={lines} {...props} />
            </Card>
          ))
        )}
      </Section>
      {versions.length === 0 ? null : (
        <Section title="Versions">
          <Card>
            <ul className={classes.versions}>
              {[...versions]
                .sort((a, b) => b.number - a.number)
                .map(({ number, status, from, to }) => (
                  <li key={number}>
                    <b>Version {number}</b>
                    <Badge size="sm" color={status === 'active' ? 'teal' : 'gray'} component="span">
                      {statusWord(status)}
                    </Badge>
                    {from === undefined ? null : (
                      <span className={classes.small}>
                        from <Day at={from} />
                        {to === undefined ? null : (
                          <>
                            {' '}
                            to <Day at={to} />
                          </>
                        )}
                      </span>
                    )}
                  </li>
                ))}
            </ul>
          </Card>
        </Section>
      )}
    </>
  )
}

type WayProps = PartsProps<'flow'> & { readonly lines: readonly FlowLine[] }

function Way({ lines, ...rest }: WayProps) {
  return (
    <ol className={classes.way}>
      {lines.map((line) => {
        if ('step' in line) return <Step key={line.step.number} step={line.step} {...rest} />
        return (
          <li key="again" className={classes.again}>
            {line.again === null ? 'Goes on at a step that is missing' : <a href={`#step-${line.again}`}>Goes on at step {line.again}</a>}
          </li>
        )
      })}
    </ol>
  )
}

function Step({ step: { node, index, number, branches }, ...rest }: PartsProps<'flow'> & { step: FlowStep }) {
  const { icon: Sign, words } = kinds[node.kind]
  return (
    <li className={classes.step} id={`step-${number}`}>
      <div className={classes.node} data-kind={node.kind}>
        <span className={classes.sign} aria-hidden>
          <Sign size={16} stroke={1.8} />
        </span>
        <div className={classes.words}>
          <div className={classes.kind}>
            <span>{number}</span> {words}
          </div>
          {node.name === undefined ? null : <bdi className={classes.name}>{node.name}</bdi>}
          <Details node={node} index={index} {...rest} />
        </div>
      </div>
      {branches.length === 0 ? null : (
        <ul className={classes.branches}>
          {branches.map(({ label, lines }, branch) => (
            <li key={String(branch)} className={classes.branch}>
              <span className={classes.label}>{label}</span>
              <Way lines={lines} {...rest} />
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

function Details({ account, of, node, index }: PartsProps<'flow'> & { node: FlowNode; index: number }) {
  const { event, where, schedule, campaign, waitMinutes, limit } = node
  const rule = ruleAt(of, `nodes[${index}].condition`)
  const said: ReactNode[] = [
    event !== undefined && (
      <>
        Event <bdi>{event}</bdi>
      </>
    ),
    ...(where ?? []).map((one) => <bdi key={JSON.stringify(one)}>where {conditionWords(one)}</bdi>),
    schedule !== undefined && <bdi>{schedule}</bdi>,
    campaign !== undefined && <EntityLink account={account} to={linkTo(of.links, 'campaign', campaign)} />,
    rule !== undefined && <Rule text={rule} />,
    waitMinutes !== undefined && duration(waitMinutes),
    limit !== undefined && `${figure(limit.customers)} customers in ${figure(limit.days)} ${limit.days === 1 ? 'day' : 'days'} go on`,
  ].filter(Boolean)
  return said.map((one, place) => (
    <div key={String(place)} className={classes.detail}>
      {one}
    </div>
  ))
}
