/** The words of the security page: the API's answers by name. */
import type { Output } from '../../server.ts'

export type SecurityStatus = Output<'security', 'status'>
export type Passkey = SecurityStatus['passkeys'][number]
export type SessionOf = SecurityStatus['sessions'][number]
