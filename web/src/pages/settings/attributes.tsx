/** Custom attributes of customers that segments may ask about: declared by name and type, with suggestions from what was imported. Shows no value of anybody. */
import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useApi } from '../../api.ts'
import { Card, figure } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './attributes.module.css'
import type { FieldsProps } from './fields.ts'
import type { AttributeType, CustomerAttribute, SeenAttribute } from './types.ts'

const typeWords: Record<AttributeType, string> = { text: 'Text', number: 'Number', date: 'Date', boolean: 'Yes or no' }
const mostAttributes = 100

export function Attributes({ account, values, set, errors }: FieldsProps & { account: Account }) {
  const attributes = values.customerAttributes
  const change = (customerAttributes: readonly CustomerAttribute[]) => set({ customerAttributes })
  const replace = (index: number, attribute: CustomerAttribute) => change(attributes.map((one, at) => (at === index ? attribute : one)))
  const full = attributes.length >= mostAttributes
  const add = (name: string) => change([...attributes, { name, type: 'text' }])
  return (
    <Stack gap="sm">
      {attributes.length > 0 && (
        <Card>
          <Stack gap="md">
            {attributes.map((attribute, index) => (
              // An attribute that is being typed has no id: its place is what it is.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <fieldset key={index} className={classes.attribute} aria-label={`Attribute ${index + 1}`}>
                <TextInput
                  label="Name"
                  placeholder="As in the data: loyalty_tier"
                  value={attribute.name}
                  maxLength={100}
                  required
                  onChange={({ currentTarget }) => replace(index, { ...attribute, name: currentTarget.value })}
                  error={errors.at(`customerAttributes.${index}.name`)}
                />
                <Select
                  label="Type"
                  data={Object.entries(typeWords).map(([value, label]) => ({ value, label }))}
                  value={attribute.type}
                  onChange={(type) => type && replace(index, { ...attribute, type: type as AttributeType })}
                  allowDeselect={false}
                  error={errors.at(`customerAttributes.${index}.type`)}
                />
                <TextInput
                  label="Title"
                  placeholder="What people call it"
                  value={attribute.title ?? ''}
                  maxLength={100}
                  onChange={({ currentTarget }) => replace(index, titled(attribute, currentTarget.value))}
                  error={errors.at(`customerAttributes.${index}.title`)}
                />
                <ActionIcon
                  className={classes.remove}
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove the attribute ${attribute.name}`}
                  onClick={() => change(attributes.filter((_, at) => at !== index))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </fieldset>
            ))}
          </Stack>
        </Card>
      )}
      <Group>
        <Button variant="default" leftSection={<IconPlus size={16} />} disabled={full} onClick={() => add('')}>
          Add an attribute
        </Button>
        {full && (
          <Text size="sm" c="dimmed">
            An account has at most {mostAttributes} attributes.
          </Text>
        )}
      </Group>
      {!full && <Suggestions account={account} declared={attributes} onAdd={add} />}
    </Stack>
  )
}

/** A title that is emptied is none. */
function titled({ name, type }: CustomerAttribute, title: string): CustomerAttribute {
  return { name, type, ...(title === '' ? {} : { title }) }
}

/** What imported customers carry and nobody has declared. A failure to read it costs nothing but the suggestions. */
function Suggestions({ account, declared, onAdd }: { account: Account; declared: readonly CustomerAttribute[]; onAdd: (name: string) => void }) {
  const { data } = useApi('settings', 'seenAttributes', { account: account.systemName })
  const open = (data?.attributes ?? []).filter(({ name }) => !declared.some((one) => one.name === name))
  if (open.length === 0) return null
  return (
    <section aria-label="Seen in imported data">
      <Text size="sm" c="dimmed" mb={6}>
        Seen in imported data and not declared:
      </Text>
      <Group gap="xs">
        {open.map((seen) => (
          <Button
            key={seen.name}
            variant="light"
            size="compact-sm"
            classNames={{ root: classes.seen ?? '', label: classes.label ?? '' }}
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onAdd(seen.name)}
          >
            {seen.name} · {customersOf(seen, data?.fewerThan ?? 0)}
          </Button>
        ))}
      </Group>
    </section>
  )
}

function customersOf({ customers }: SeenAttribute, fewerThan: number): string {
  if (customers === null) return `fewer than ${fewerThan} customers`
  return customers === 1 ? '1 customer' : `${figure(customers)} customers`
}
