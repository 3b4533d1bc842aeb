/** What every part of the settings form is given. */
import type { FormErrors } from '../../kit/index.ts'
import type { SettingsValues } from './values.ts'

export interface FieldsProps {
  readonly values: SettingsValues
  readonly stored: SettingsValues
  readonly set: (part: Partial<SettingsValues>) => void
  readonly errors: FormErrors
}
