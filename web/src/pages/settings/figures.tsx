/** How orders are attributed, what is shown of few people, and how long calls are kept. */
import { NumberInput, Stack, Switch, TagsInput } from '@mantine/core'
import type { FieldsProps } from './fields.ts'

/** What a number field gives while it is being typed in becomes a number; nothing is 0, which the server refuses where it must. */
const whole = (given: string | number) => Math.trunc(Number(given)) || 0

export function Attribution({ values, set, errors }: FieldsProps) {
  const { attribution } = values
  const change = (part: Partial<typeof attribution>) => set({ attribution: { ...attribution, ...part } })
  return (
    <Stack gap="md">
      <NumberInput
        label="Attribution window"
        description="How many days after a touch an order still counts for it. From 1 to 30."
        suffix={attribution.windowDays === 1 ? ' day' : ' days'}
        min={1}
        max={30}
        allowDecimal={false}
        clampBehavior="none"
        value={attribution.windowDays}
        onChange={(given) => change({ windowDays: whole(given) })}
        error={errors.at('attribution.windowDays')}
        styles={{ wrapper: { maxWidth: 180 } }}
      />
      <Switch
        label="Delivered SMS are touches"
        description="An SMS needs no click then: people who read it and order are counted."
        checked={attribution.smsDeliveries}
        onChange={({ currentTarget }) => change({ smsDeliveries: currentTarget.checked })}
      />
      <Switch
        label="Opens are touches"
        description="Opens by people, not those by machines. Clicks still come first."
        checked={attribution.opens}
        onChange={({ currentTarget }) => change({ opens: currentTarget.checked })}
      />
      <TagsInput
        label="Campaigns that never earn an order"
        description="Their keys. Transactional and double opt-in campaigns never do, and need not be listed."
        placeholder={attribution.excludedCampaigns.length === 0 ? 'Type a key and press Enter' : ''}
        value={attribution.excludedCampaigns}
        onChange={(excludedCampaigns) => change({ excludedCampaigns })}
        error={errors.at('attribution.excludedCampaigns')}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the list' }}
      />
    </Stack>
  )
}

export function Privacy({ values, set, errors }: FieldsProps) {
  return (
    <Stack gap="md">
      <NumberInput
        label="Privacy floor"
        description={
          values.privacyFloor > 1
            ? `Counts of people below ${values.privacyFloor} are shown as “fewer than ${values.privacyFloor}”.`
            : 'Every count of people is shown as it is, even of one person.'
        }
        suffix=" people"
        min={0}
        max={1000}
        allowDecimal={false}
        clampBehavior="none"
        value={values.privacyFloor}
        onChange={(given) => set({ privacyFloor: whole(given) })}
        error={errors.at('privacyFloor')}
        styles={{ wrapper: { maxWidth: 180 } }}
      />
      <NumberInput
        label="Audit log"
        description="How long calls are kept with their parameters and results. Lowering it deletes older ones for good."
        suffix={values.retentionDays === 1 ? ' day' : ' days'}
        min={1}
        max={365}
        allowDecimal={false}
        clampBehavior="none"
        value={values.retentionDays}
        onChange={(given) => set({ retentionDays: whole(given) })}
        error={errors.at('retentionDays')}
        styles={{ wrapper: { maxWidth: 180 } }}
      />
    </Stack>
  )
}
