/** Health of the platform and of an account's data, for people and assistants with `read:health`. Reads only. */
import { type Principal, requireScopes } from '../../../core/access.ts'
import type { KnownTypes } from '../../sources/index.ts'
import type { Stores } from '../../stores.ts'
import type { ErrorsInput, ExecutionErrors, Pipelines, PipelinesInput, Status } from './answer.ts'
import { executionErrors } from './errors.ts'
import { pipelineStatus } from './pipelines.ts'
import { platformStatus } from './status.ts'

/** All throw missing_scopes without read:health. */
export interface HealthService {
  /** Answers within 5 s, whichever store is away. */
  readonly status: (signal?: AbortSignal) => Promise<Status>
  /** Throws unknown_value for a source that is none, and invalid_cursor. */
  readonly pipelines: (input: PipelinesInput, signal?: AbortSignal) => Promise<Pipelines>
  /** Throws invalid_arguments, unknown_value, invalid_cursor, and unavailable without the analytics store. */
  readonly errors: (input: ErrorsInput, signal?: AbortSignal) => Promise<ExecutionErrors>
}

/** @param types kinds of sources; undefined: they are called by their types */
export function createHealth(stores: Stores, types: KnownTypes | undefined): (principal: Principal) => HealthService {
  const startedAt = stores.clock()
  return (principal) => {
    const allowed = () => requireScopes(principal, 'read:health')
    return {
      status: async (signal) => {
        allowed()
        return await platformStatus(stores, types, principal, startedAt, signal)
      },
      pipelines: async (input, signal) => {
        allowed()
        return await pipelineStatus(stores, types, principal, input, signal)
      },
      errors: async (input, signal) => {
        allowed()
        return await executionErrors(stores, principal, input, signal)
      },
    }
  }
}
