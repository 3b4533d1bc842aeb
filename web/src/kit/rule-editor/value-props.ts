/** What every field for a value is given. */
import type { Operator, Scalar, Term } from './types.ts'

export interface ValueFieldProps {
  readonly term: Term
  readonly op: Operator
  readonly value: Scalar | Scalar[] | undefined
  readonly wrong: boolean
  readonly onChange: (value: Scalar | Scalar[] | undefined) => void
}
