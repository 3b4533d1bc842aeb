/** The words of the members page: the API's answers by name. */
import type { Output } from '../../server.ts'

export type Members = Output<'members', 'list'>
export type Member = Members['members'][number]
export type Invitation = Members['invitations'][number]
