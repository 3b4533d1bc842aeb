/** How far visitors of a webapp come, step by step, and where that is known from. */
import { SegmentedControl } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useApi } from '../../api.ts'
import { Bars, Chart, dayWords, figure, share, Time } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'
import classes from './organizations.module.css'
import { PartOf } from './part.tsx'

type Answer = Output<'organizations', 'funnel'>
type Kind = 'closed' | 'open'

const stepWords: Readonly<Record<string, string>> = { visit: 'Visit', start: 'Start', upload: 'Upload', checkout: 'Checkout', order: 'Order' }

export function Funnel({ account, webappId }: { account: Account; webappId: string }) {
  const [kind, setKind] = useState<Kind>('closed')
  const answer = useApi('organizations', 'funnel', { account: account.systemName, webappId, funnelType: kind }, { keep: true })
  const choice = (
    <SegmentedControl
      size="xs"
      aria-label="Which visitors count at a step"
      value={kind}
      onChange={(value) => setKind(value as Kind)}
      data={[
        { value: 'closed', label: 'Closed' },
        { value: 'open', label: 'Open' },
      ]}
    />
  )
  return (
    <div className={classes.part} data-waiting={answer.isPlaceholderData || undefined}>
      <PartOf of={answer} what="the funnel" height={360}>
        {(data) => <Steps data={data} choice={choice} />}
      </PartOf>
    </div>
  )
}

function Steps({ data: { webapp, steps, startDate, endDate, timeZone, source, propertyId, dataAsOf, notes, funnelType }, choice }: { data: Answer; choice: ReactNode }) {
  const most = Math.max(...steps.map(({ visitors }) => visitors ?? 0), 1)
  const rates = ({ ofPrevious, ofFirst }: Answer['steps'][number]) =>
    [ofPrevious === null ? undefined : `${share(ofPrevious)} of the step before`, ofFirst === null || ofPrevious === null ? undefined : `${share(ofFirst)} of all`]
      .filter((words) => words !== undefined)
      .join(' · ')
  const nameOf = (step: string) => stepWords[step] ?? step
  return (
    <Chart
      title="Funnel"
      description={`${dayWords(startDate, undefined)} to ${dayWords(endDate, undefined)} (${timeZone})`}
      alt={`Funnel of ${webapp.name}, ${funnelType}: ${steps.map((one) => `${nameOf(one.step)} ${one.shown}${one.ofPrevious === null ? '' : `, ${rates(one)}`}`).join('; ')}`}
      actions={choice}
      table={{
        columns: ['Step', 'Visitors', 'Of the step before', 'Of the first', 'Events'],
        rows: steps.map((one) => [nameOf(one.step), one.shown, share(one.ofPrevious), share(one.ofFirst), figure(one.events)]),
      }}
      foot={
        <ul className={classes.notes}>
          <li>
            {source === 'mercat' ? 'From Mercat’s own web events' : `From Google Analytics, property ${propertyId}`}
            {dataAsOf === null ? null : (
              <>
                , the newest <Time at={dataAsOf} />
              </>
            )}
            .
          </li>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      }
    >
      <Bars
        label="Steps"
        rows={steps.map((one) => ({
          key: one.step,
          name: nameOf(one.step),
          part: one.visitors === null ? null : one.visitors / most,
          value: one.shown,
          note: rates(one) || undefined,
        }))}
      />
    </Chart>
  )
}
