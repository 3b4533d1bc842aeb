/** What apps are called on pages: as they call themselves now. Reads no account. */
import type { ApiCall } from './define.ts'

/** What acts without being an app. */
const ours: Readonly<Record<string, string>> = { dashboard: 'Dashboard', cli: 'Command line', clock: 'The clock' }

/** @returns the name of each of these clients; an app that is gone goes by its id */
export async function appNames({ identity }: Pick<ApiCall<unknown>, 'identity'>, ids: readonly (string | null)[]): Promise<(id: string) => string> {
  const names = await identity.appNames(ids.filter((id) => id !== null))
  return (id) => names.get(id) ?? ours[id] ?? id
}
