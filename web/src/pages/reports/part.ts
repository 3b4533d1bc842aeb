/** What a report's part of the page is given. */
import type { ReactNode } from 'react'
import type { ApiError } from '../../api.ts'
import type { Arguments, Change, Question } from './question.ts'
import type { Frame } from './types.ts'

export interface PartProps {
  readonly frame: Frame
  readonly question: Question
  readonly asked: Arguments
  readonly onChange: Change
  readonly onClear: () => void
  /** What stands above the answer. @param fault why there is none */
  readonly filters: (fault: ApiError | null) => ReactNode
}
