/** What the parts of the section share. Types only. */
import type { Output } from '../../../server.ts'

export type Endpoint = Output<'webhooks', 'list'>['endpoints'][number]
