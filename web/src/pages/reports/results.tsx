/** The answer of a report while it comes, when it was refused, and where the account has no data yet. */
import { Button } from '@mantine/core'
import { IconDatabaseImport } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ApiError } from '../../api.ts'
import { Empty, Loading, Problem } from '../../kit/index.ts'
import type { PartProps } from './part.ts'
import classes from './reports.module.css'

interface ResultsProps<Data> {
  readonly of: { readonly data: Data | undefined; readonly error: ApiError | null; readonly isPlaceholderData: boolean; readonly refetch: () => unknown }
  readonly part: PartProps
  readonly children: (data: Data) => ReactNode
}

/** What every answer says of itself. */
interface Dated {
  readonly passport: { readonly dataAsOf: string | null }
}

/** What the reader can change about the question. */
const ofTheQuestion = new Set<ApiError['code']>(['unknown_value', 'invalid_arguments', 'invalid_cursor', 'organization_not_found'])

export function Results<Data extends Dated>(props: ResultsProps<Data>) {
  const { of, part } = props
  return (
    <>
      {part.filters(of.data === undefined ? of.error : null)}
      <Answered {...props} />
    </>
  )
}

function Answered<Data extends Dated>({ of: { data, error, isPlaceholderData, refetch }, part: { frame, onClear }, children }: ResultsProps<Data>) {
  if (error && data === undefined) {
    if (!ofTheQuestion.has(error.code)) return <Problem error={error} retry={refetch} what="The report" />
    return (
      <div>
        <Problem error={error} />
        <Button mt="sm" size="xs" variant="default" onClick={onClear}>
          Clear the filters
        </Button>
      </div>
    )
  }
  // Names of figures come beside the answer, not before it.
  if (data === undefined || frame.metrics.size === 0) return <Waiting />
  if (data.passport.dataAsOf === null) return <NoData />
  return (
    <div className={classes.results} data-waiting={isPlaceholderData || undefined} aria-busy={isPlaceholderData}>
      {children(data)}
    </div>
  )
}

function Waiting() {
  return (
    <div className={classes.results}>
      <Loading rows={1} height={104} what="the totals" />
      <Loading rows={1} height={340} what="the timeline" />
      <Loading rows={5} height={48} what="the rows" />
    </div>
  )
}

function NoData() {
  return (
    <Empty icon={IconDatabaseImport} title="There is no data yet">
      Reports are made from the messages and orders of your platform. Whoever runs this Mercat brings them in with <code>mercat import</code>, from files of events, orders and
      campaigns; figures appear here as soon as the first file is in.
    </Empty>
  )
}
