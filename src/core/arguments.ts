/** Leaves of the arguments of tools. Lengths are refinements: they cost a client no tokens in tools/list. */
import { z } from 'zod'

export const textUpTo = (most: number) => z.string().refine((value) => value.length <= most, `Send at most ${most} characters`)

export const listUpTo = (most: number, item = textUpTo(200)) => z.array(item).refine((values) => values.length <= most, `Send at most ${most} values`)

/** Rows of a page. Without a default: the pipeline gives a list that was asked for by length a larger budget of tokens. */
export const limitUpTo = (most: number) => z.int().min(1).max(most).optional()

export const cursor = z
  .string()
  .refine((value) => value.length <= 1000, 'Send the cursor as it was given')
  .optional()

/** A name that people type: one line, no control characters. A refinement: it costs a client no tokens in tools/list. */
export const nameField = z
  .string()
  .trim()
  .refine((value) => /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(value), 'Send a name of 1 to 200 characters, without control characters')
