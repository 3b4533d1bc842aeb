/** Real stores for a test: PGlite and chDB in a temporary folder. chDB allows one folder a process: open once per test file. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { Account, Principal } from '../src/core/access.ts'
import type { Clock } from '../src/core/clock.ts'
import { newId } from '../src/core/ids.ts'
import { accountSettingsSchema } from '../src/domain/accounts/settings.ts'
import { openAnalytics } from '../src/storage/analytics/open.ts'
import type { Analytics } from '../src/storage/analytics/run.ts'
import { openOperational, type OperationalStore } from '../src/storage/operational/open.ts'
import type { Db } from '../src/storage/operational/schema.ts'
import { copyEmptyOperational, copyEmptyStores } from './engines/template.ts'

export interface TestStores {
  readonly db: Db
  readonly operational: OperationalStore
  readonly analytics: Analytics
  readonly clock: Clock
  readonly close: () => Promise<void>
}

/** @param now holds the clock still; default: the real time. */
export async function openTestStores(now?: Date): Promise<TestStores> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
  await copyEmptyStores(folder)
  const operational = await openOperational({ engine: 'pglite', folder: join(folder, 'operational') })
  const analytics = await openAnalytics({ engine: 'chdb', folder: join(folder, 'analytics') })
  return {
    db: operational.db,
    operational,
    analytics,
    clock: () => now ?? new Date(),
    close: async () => {
      await analytics.close()
      await operational.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A real operational store, for what never asks the analytics store: asking it throws. */
export async function openTestOperational(now?: Date): Promise<Omit<TestStores, 'operational'>> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
  await copyEmptyOperational(join(folder, 'operational'))
  const { db, close } = await openOperational({ engine: 'pglite', folder: join(folder, 'operational') })
  const analytics = new Proxy({} as Analytics, {
    get: () => {
      throw new Error('The analytics store was asked')
    },
  })
  return {
    db,
    analytics,
    clock: () => now ?? new Date(),
    close: async () => {
      await close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Somebody who may read the account's reports, without limits, unless given. */
export const principalOf = (account: Account, given: Partial<Principal> = {}): Principal => ({
  userId: 'usr_test',
  account,
  clientId: 'cli',
  scopes: new Set(['read:mcp', 'read:reports']),
  grantable: new Set(),
  operator: false,
  organizations: null,
  brands: null,
  ...given,
})

/** Puts an account row; the rest of an account is the test's business. */
export async function makeAccount(db: Db, given: Partial<Omit<Account, 'id'>> & { settings?: object } = {}): Promise<Account & { customerKey: Buffer }> {
  const account = {
    id: newId('account'),
    systemName: `t-${newId('account').slice(4, 12)}`,
    name: 'Test',
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    mcpEnabled: true,
    toolsets: accountSettingsSchema.parse(given.settings ?? {}).toolsets,
    ...given,
  }
  const customerKey = randomBytes(16)
  await db
    .insertInto('accounts')
    .values({
      id: account.id,
      system_name: account.systemName,
      name: account.name,
      time_zone: account.timeZone,
      currency: account.currency,
      mcp_enabled: account.mcpEnabled,
      settings: JSON.stringify(given.settings ?? {}),
      customer_key: customerKey,
    })
    .execute()
  return {
    id: account.id,
    systemName: account.systemName,
    name: account.name,
    timeZone: account.timeZone,
    currency: account.currency,
    mcpEnabled: account.mcpEnabled,
    toolsets: account.toolsets,
    customerKey,
  }
}
