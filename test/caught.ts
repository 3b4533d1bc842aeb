/** What a test expects to fail. */
import { MercatError } from '../src/core/errors.ts'

/** What a work threw; undefined when it did not. */
export async function caught(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** Why a work was refused. Throws when it was not, and whatever else went wrong. */
export async function refusalOf(work: Promise<unknown>): Promise<MercatError> {
  const thrown = await caught(work)
  if (thrown instanceof MercatError) return thrown
  throw thrown ?? new Error('It was not refused')
}
