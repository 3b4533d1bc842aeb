/** Opens stores in a folder for a measurement, with an account in which small counts are not hidden. */
import { readConfig } from '../../src/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { Account } from '../../src/core/access.ts'
import { createAccount, findAccount, updateSettings } from '../../src/domain/accounts/index.ts'
import type { Stores } from '../../src/domain/index.ts'
import { openStores } from '../../src/storage/open.ts'

export interface BenchStores extends Stores {
  readonly account: Account
  readonly close: () => Promise<void>
}

export async function openBenchStores(folder: string): Promise<BenchStores> {
  const { operational, analytics, close } = await openStores(readConfig({ MERCAT_DATA_DIR: folder }))
  const { db } = operational
  const account = (await findAccount(db, 'bench')) ?? (await createAccount(db, { systemName: 'bench', name: 'Bench', timeZone: 'Europe/Berlin', currency: 'EUR' }))
  await updateSettings(db, account.id, { privacyFloor: 0 })
  return { db, analytics, clock: systemClock, account, close }
}

/** What a child process tells the benchmark: one line. Remarks go to stderr. */
export function tell(result: object): void {
  console.log(`result ${JSON.stringify(result)}`)
}
