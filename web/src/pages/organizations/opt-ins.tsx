/** Which opt-ins people gave with their orders: a share is of the orders in which it was asked. */
import { Text } from '@mantine/core'
import { useApi } from '../../api.ts'
import { Bars, Chart, figure, share } from '../../kit/index.ts'
import { PartOf } from './part.tsx'
import type { PartProps } from './types.ts'

export function OptIns({ account, organizationId }: PartProps) {
  const answer = useApi('organizations', 'optIns', { account: account.systemName, organizationId, limit: 200 })
  return (
    <PartOf of={answer} what="the opt-ins" height={180}>
      {({ total, campaigns, other }) => {
        const parts = [
          { name: 'All campaigns', optIns: total.optIns },
          ...campaigns.map(({ name, optIns }) => ({ name, optIns })),
          ...(other ? [{ name: `${figure(other.campaigns)} other campaigns`, optIns: other.optIns }] : []),
        ]
        const said = total.optIns.map((one) => `${one.name} given ${figure(one.given)} of ${figure(one.asked)} times, ${share(one.share)}`)
        if ((total.orders ?? 0) === 0) return null
        return (
          <Chart
            title="Opt-ins"
            description="Given, of the orders in which it was asked."
            alt={said.length > 0 ? `Opt-ins: ${said.join('; ')}` : 'Opt-ins: none was asked'}
            table={{
              columns: ['Campaign', 'Opt-in', 'Given', 'Asked', 'Share'],
              rows: parts.flatMap(({ name, optIns }) => optIns.map((one) => [name, one.name, figure(one.given), figure(one.asked), share(one.share)])),
            }}
          >
            {total.optIns.length === 0 ? (
              <Text size="sm" c="dimmed">
                None of these orders tells of an opt-in. Orders tell it in their field <code>opt_ins</code>.
              </Text>
            ) : (
              <Bars
                label="Opt-ins of all campaigns"
                rows={total.optIns.map((one) => ({
                  key: one.name,
                  name: one.name,
                  part: one.share,
                  value: share(one.share),
                  note: `${figure(one.given)} of ${figure(one.asked)}`,
                }))}
              />
            )}
          </Chart>
        )
      }}
    </PartOf>
  )
}
