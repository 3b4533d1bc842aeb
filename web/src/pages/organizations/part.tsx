/** A part of an organization's page while it loads, when it failed, and where the person may not see it: that is said in one quiet line. */
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ApiError } from '../../api.ts'
import { Loading, Problem } from '../../kit/index.ts'

const refusals = new Set<ApiError['code']>(['missing_scopes', 'not_allowed'])

interface PartOfProps<Data> {
  readonly of: { readonly data: Data | undefined; readonly error: ApiError | null; readonly refetch: () => unknown }
  /** "the campaigns": what loads. */
  readonly what: string
  readonly height?: number
  readonly children: (data: Data) => ReactNode
}

export function PartOf<Data>({ of: { data, error, refetch }, what, height = 160, children }: PartOfProps<Data>) {
  if (data !== undefined) return children(data)
  if (error && refusals.has(error.code)) {
    return (
      <Text size="sm" c="dimmed">
        {error.message}
      </Text>
    )
  }
  if (error) return <Problem error={error} retry={refetch} what={what.charAt(0).toUpperCase() + what.slice(1)} />
  return <Loading rows={1} height={height} what={what} />
}
