/** Whom a segment or a target group holds: its rule, and of a group its rank among others. */
import { NumberInput, TagsInput } from '@mantine/core'
import classes from './form.module.css'
import { type FieldsProps, listOf, numberOf } from './fields.ts'
import { RuleField } from './rule-field.tsx'

export function GroupFields({ account, type, readOnly, get, set, errors }: FieldsProps) {
  const priority = get('definition.priority')
  return (
    <>
      <RuleField
        account={account}
        value={get('definition.predicate')}
        onChange={(value) => set('definition.predicate', value)}
        readOnly={readOnly}
        error={errors.at('definition.predicate')}
      />
      {type === 'segment' ? null : (
        <div className={classes.two}>
          <NumberInput
            label="Priority"
            description="The lowest counts first"
            value={typeof priority === 'number' ? priority : ''}
            onChange={(value) => set('definition.priority', numberOf(value))}
            min={1}
            max={10_000}
            allowDecimal={false}
            readOnly={readOnly}
            error={errors.at('definition.priority')}
            hideControls
          />
          <TagsInput
            label="Leaves out"
            description="Keys of other target groups"
            value={[...listOf<string>(get('definition.exclusions'))]}
            onChange={(keys) => set('definition.exclusions', keys)}
            readOnly={readOnly}
            error={errors.at('definition.exclusions')}
            acceptValueOnBlur
          />
        </div>
      )}
    </>
  )
}
