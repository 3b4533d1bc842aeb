/** A process that makes clients one after the other, for the test that kills it. Arguments: data folder, account id, how many, a theme set (or nothing). Says what it made as lines. */
import { tokenScopes } from '../../src/core/access.ts'
import { findAccountById } from '../../src/domain/accounts/index.ts'
import { createServices } from '../../src/domain/index.ts'
import { createCampaignInput, createOrganizationInput, productSetupInput } from '../../src/domain/organizations/index.ts'
import type { Analytics } from '../../src/storage/analytics/run.ts'
import { openOperational } from '../../src/storage/operational/open.ts'

const [folder = '', accountId = '', count = '0', mode = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
const url = process.env.TEST_DATABASE_URL
const store = await openOperational(url === undefined ? { engine: 'pglite', folder } : { engine: 'postgres', url })
const account = await findAccountById(store.db, accountId)
if (!account) throw new Error('No such account')
const principal = {
  userId: 'usr_writer',
  account,
  clientId: 'app',
  scopes: new Set(tokenScopes),
  grantable: new Set(tokenScopes),
  operator: false,
  organizations: null,
  brands: null,
}
// Nothing here asks for figures.
const { organizations } = createServices({ db: store.db, analytics: {} as Analytics, clock: () => new Date() })(principal)
say('ready')
for (let n = 0; n < Number(count); n++) {
  const key = `writer-${n}-`
  const client = await organizations.create(createOrganizationInput.parse({ name: `Client ${n}`, idempotencyKey: `${key}one` }))
  say(`organization ${n} ${client.organization.id}`)
  const campaign = await organizations.createCampaign(
    createCampaignInput.parse({ organizationId: client.organization.id, name: `Gift ${n}`, countries: ['DE'], webapp: { mode: 'create' }, idempotencyKey: `${key}two` }),
  )
  say(`campaign ${n} ${campaign.campaign.id}`)
  await organizations.setUpProducts(
    productSetupInput.parse({ campaignId: campaign.campaign.id, products: ['summer_book', 'wall_cal'], themeSetId: mode || undefined, idempotencyKey: `${key}three` }),
  )
  say(`products ${n}`)
}
await store.close()
say('done')
