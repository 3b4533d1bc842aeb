/** What the parts of the page share. Types only. */
import type { Output } from '../../server.ts'

export type Source = Output<'sources', 'list'>['sources'][number]
export type SourceDetail = Output<'sources', 'get'>
/** A kind of source, as people choose one. */
export type SourceKind = Output<'sources', 'types'>['types'][number]
export type SourceAdded = Output<'sources', 'add'>
export type SourceState = Source['state']
export type SetupStep = SourceAdded['steps'][number]
export type Setting = SourceKind['settings'][number]
export type DayVolume = Source['days'][number]
export type CampaignRule = NonNullable<SourceDetail['campaignRules']>[number]
export type AsideReason = SourceDetail['reasons'][number]
