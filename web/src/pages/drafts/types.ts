/** The words of the drafts page: the API's answers by name. */
import type { Input, Output } from '../../server.ts'

export type Drafts = Output<'drafts', 'list'>
export type DraftRow = Drafts['drafts'][number]
export type DraftType = DraftRow['type']
export type Details = Output<'drafts', 'one'>
export type Version = Details['now']
export type Change = Details['edited'][number]
export type Note = Details['notes'][number]
export type Step = Details['may']['steps'][number]
export type Review = Output<'drafts', 'review'>
/** What an edit says. */
export type DraftChange = Omit<Input<'drafts', 'review'>, 'account' | 'id'>
