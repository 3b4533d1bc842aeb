/** What is proposed, field by field; the fields of its type, and the rest of its definition as it is. */
import { Button, Select, Text, TextInput } from '@mantine/core'
import type { ComponentType } from 'react'
import { Card, CopyField, Form, Problem } from '../../kit/index.ts'
import type { ApiError } from '../../api.ts'
import { CampaignFields } from './campaign-fields.tsx'
import { type FieldsProps, formFields, textOf } from './fields.ts'
import classes from './form.module.css'
import { GroupFields } from './group-fields.tsx'
import { MomentField } from './moment-field.tsx'
import { StreamFields } from './stream-fields.tsx'
import { TriggerFields } from './trigger-fields.tsx'
import type { DraftType, Version } from './types.ts'

const fieldsOf: Readonly<Record<DraftType, ComponentType<FieldsProps>>> = {
  campaign: CampaignFields,
  target_group: GroupFields,
  segment: GroupFields,
  trigger: TriggerFields,
  stream: StreamFields,
}
/** Src/domain/channels.ts. */
const channels = ['Email', 'SMS', 'WhatsApp', 'Viber', 'MobilePush', 'WebPush']

/** The paths whose fields tell their errors themselves. */
export const shownFields = (type: DraftType): string[] => ['name', 'channel', 'startsAt', 'endsAt', ...formFields[type].map((field) => `definition.${field}`)]

interface DraftFormProps extends FieldsProps {
  readonly now: Version
  /** How many fields are changed and not saved. */
  readonly unsaved: number
  readonly saving: boolean
  /** What no field can say. */
  readonly error: ApiError | undefined
  readonly onSave: () => void
  readonly onDiscard: () => void
}

export function DraftForm({ now, unsaved, saving, error, onSave, onDiscard, ...fields }: DraftFormProps) {
  const { account, type, readOnly, get, set, errors } = fields
  const Fields = fieldsOf[type]
  const timed = type === 'campaign' || type === 'stream' || get('startsAt') !== undefined || get('endsAt') !== undefined
  return (
    <Card>
      <Form onSubmit={onSave}>
        <div className={classes.form}>
          <TextInput
            label="Name"
            value={textOf(get('name'))}
            onChange={({ currentTarget }) => set('name', currentTarget.value)}
            readOnly={readOnly}
            error={errors.at('name')}
            maxLength={readOnly ? undefined : 200}
            dir="auto"
          />
          {type === 'campaign' || get('channel') !== undefined ? (
            <Select
              label="Channel"
              placeholder="None"
              data={channels}
              value={textOf(get('channel')) || null}
              onChange={(value) => set('channel', value ?? undefined)}
              readOnly={readOnly}
              clearable={!readOnly}
              clearButtonProps={{ 'aria-label': 'No channel' }}
              error={errors.at('channel')}
            />
          ) : null}
          {timed ? (
            <div className={classes.two}>
              <MomentField
                account={account}
                label="Starts"
                value={get('startsAt')}
                onChange={(value) => set('startsAt', value)}
                readOnly={readOnly}
                error={errors.at('startsAt')}
              />
              <MomentField account={account} label="Ends" value={get('endsAt')} onChange={(value) => set('endsAt', value)} readOnly={readOnly} error={errors.at('endsAt')} />
            </div>
          ) : null}
          <Fields {...fields} />
          <Rest type={type} definition={now.definition} />
          {error ? <Problem error={error} /> : null}
          {readOnly && unsaved === 0 ? null : (
            <div className={classes.foot}>
              <Text size="sm" c="dimmed" role="status">
                {unsaved === 0 ? 'Saving makes a new version.' : `${unsaved} unsaved ${unsaved === 1 ? 'change' : 'changes'}`}
              </Text>
              <Button variant="default" onClick={onDiscard} disabled={unsaved === 0}>
                Discard
              </Button>
              {readOnly ? null : (
                <Button type="submit" loading={saving} disabled={unsaved === 0}>
                  Save
                </Button>
              )}
            </div>
          )}
        </div>
      </Form>
    </Card>
  )
}

const isEmpty = (value: unknown) => value === undefined || value === null || (Array.isArray(value) && value.length === 0)

/** What the form has no field for. */
function Rest({ type, definition }: { type: DraftType; definition: Version['definition'] }) {
  const rest = Object.entries(definition).filter(([field, value]) => !formFields[type].includes(field) && !isEmpty(value))
  if (rest.length === 0) return null
  return (
    <details>
      <summary>
        <Text span size="sm">
          The rest of its definition: {rest.map(([field]) => field).join(', ')}
        </Text>
      </summary>
      <div style={{ marginTop: '0.5rem' }}>
        <CopyField block label="rest of the definition" value={JSON.stringify(Object.fromEntries(rest), null, 2)} />
      </div>
    </details>
  )
}
