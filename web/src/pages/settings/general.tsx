/** The account's name, calendar and money. */
import { Select, Stack, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import type { FieldsProps } from './fields.ts'

const currencyNames = new Intl.DisplayNames('en', { type: 'currency' })

/** The stored value is always among the choices, whatever this browser knows. */
function choices(known: readonly string[], stored: string, label: (value: string) => string) {
  return [...new Set([stored, ...known])].sort().map((value) => ({ value, label: label(value) }))
}

function timeIn(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }).format(new Date())
  } catch {
    return zone
  }
}

export function General({ values, stored, set, errors }: FieldsProps) {
  const zones = useMemo(() => choices([...Intl.supportedValuesOf('timeZone'), 'UTC'], stored.timeZone, (zone) => zone), [stored.timeZone])
  const currencies = useMemo(() => choices(Intl.supportedValuesOf('currency'), stored.currency, (code) => `${code} · ${currencyNames.of(code) ?? code}`), [stored.currency])
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        description="What people and assistants call the account. Its address stays as it is."
        maxLength={100}
        required
        value={values.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        error={errors.at('name')}
      />
      <Select
        label="Time zone"
        description={`Where the account’s days begin and end. It is ${timeIn(values.timeZone)} there now.`}
        data={zones}
        value={values.timeZone}
        onChange={(timeZone) => timeZone && set({ timeZone })}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No zone of this name. Search for a city, like Berlin."
        error={errors.at('timeZone')}
      />
      <Select
        label="Currency"
        description="Revenue is counted in it. It cannot change once there are orders: their amounts would be relabelled, not converted."
        data={currencies}
        value={values.currency}
        onChange={(currency) => currency && set({ currency })}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No currency of this name"
        error={errors.at('currency')}
      />
    </Stack>
  )
}
