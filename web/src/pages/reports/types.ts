/** The words of the Reports page: the API's answers by name. */
import type { Account, Output } from '../../server.ts'

export type Report = Output<'reports', 'campaigns'>
export type Overview = Output<'reports', 'overview'>
export type Channels = Output<'reports', 'channels'>
export type Health = Output<'reports', 'health'>
export type Choices = Output<'reports', 'choices'>
export type Metric = Output<'reports', 'metrics'>['metrics'][number]
export type Cell = Report['rows'][number][number]
/** What every report but the health of e-mail has. */
export type Answer = Report | Overview | Channels

/** What the parts of the page draw with. */
export interface Frame {
  readonly account: Account
  /** By id. */
  readonly metrics: ReadonlyMap<string, Metric>
}
