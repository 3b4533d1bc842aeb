/** Which field of a form the server found at fault: errors are told at their field, and beside the button only when they have none. */
import type { ApiError } from '../api.ts'

/** The argument at fault without the part of the endpoint: `settings.goals.0.name` is `goals.0.name`, `scopesAdded[1]` is `scopesAdded.1`. */
function faultOf(error: ApiError | null): string | undefined {
  return error?.details.argument?.replace(/\[(\d+)\]/g, '.$1').replace(/^settings\./, '')
}

export interface FormErrors {
  /** What is wrong with a field or a part of it. */
  readonly at: (...fields: readonly string[]) => string | undefined
  /** What no field of the form can show. */
  readonly rest: ApiError | undefined
}

/** @param fields the fields that show their error themselves */
export function formErrors(error: ApiError | null, fields: readonly string[]): FormErrors {
  const fault = faultOf(error)
  const within = (field: string) => fault !== undefined && (fault === field || fault.startsWith(`${field}.`))
  return {
    at: (...asked) => (error && asked.some(within) ? error.message : undefined),
    rest: error && error.code !== 'sign_in_again' && !fields.some(within) ? error : undefined,
  }
}
