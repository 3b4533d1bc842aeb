/** Facts about one thing: what each is called, and what it is. */
import { DataList } from '@mantine/core'
import type { ReactNode } from 'react'

/** @param labelWidth as CSS writes it: the values stand in one line */
export function Facts({ facts, labelWidth }: { facts: readonly (readonly [label: string, value: ReactNode])[]; labelWidth: string }) {
  return (
    <DataList labelWidth={labelWidth} gap="xs">
      {facts.map(([label, value]) => (
        <DataList.Item key={label}>
          <DataList.ItemLabel>{label}</DataList.ItemLabel>
          <DataList.ItemValue style={{ overflowWrap: 'anywhere', minWidth: 0 }}>{value}</DataList.ItemValue>
        </DataList.Item>
      ))}
    </DataList>
  )
}
