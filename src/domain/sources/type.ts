/** What a kind of source is to people and to whoever stores it: its name, what it asks for, what to paste where. How its requests are read is ingest's business. */
import type { z } from 'zod'

/** Where an event's campaign is looked for: the first rule that finds a text decides. */
export type CampaignRule =
  /** A member of the message's metadata: custom arguments, variables, headers. */
  | { readonly from: 'metadata'; readonly name: string }
  /** The first tag or category; with a prefix, the first that begins with it, without it. */
  | { readonly from: 'tag'; readonly prefix?: string | undefined }
  /** The provider's own name for the mailing: a campaign, broadcast or template. */
  | { readonly from: 'provider' }
  /** Always this key. */
  | { readonly from: 'fixed'; readonly key: string }

/** A thing to do at the platform, with the texts to take along. */
export interface SetupStep {
  readonly title: string
  /** One or two plain sentences. */
  readonly text: string
  readonly copy?: readonly { readonly label: string; readonly value: string }[]
}

export interface SetupPlace {
  /** The whole address to paste, its key included; of the ingest API the address of the events. */
  readonly url: string
  readonly key: string
  /** What was set or made so far. */
  readonly settings: Readonly<Record<string, string>>
}

/** Webhook: the platform calls. API: a program of the account's own calls. Pull: Mercat asks the platform. */
export type Connection = 'webhook' | 'api' | 'pull'

/** Texts by name. Each member has `.meta({ title, description })`; `secret: true` is never shown again, `generated: true` is made by Mercat when it is not given. */
export type SourceSettings = z.ZodObject<Record<string, z.ZodType<string | undefined>>>

export interface SourceType {
  /** snake_case, as in the address. */
  readonly type: string
  /** As its makers write it. */
  readonly title: string
  /** What it brings, in one sentence. */
  readonly summary: string
  readonly connection: Connection
  /** Where the campaign of an event is looked for unless the source says otherwise; undefined: it brings no message events. */
  readonly campaigns?: readonly CampaignRule[]
  readonly settings: SourceSettings
  readonly steps: (place: SetupPlace) => readonly SetupStep[]
}
