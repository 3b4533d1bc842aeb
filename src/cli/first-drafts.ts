/** What waits for a decision in the demo account from its first day on: drafts as an assistant's calls make them. It decides on none. */
import type { Account } from '../core/access.ts'
import { addDays, dayOf } from '../core/period.ts'
import { dashboardPrincipal, getUserByEmail, listAccess } from '../domain/accounts/index.ts'
import { campaignDraftInput, targetGroupDraftInput, triggerDraftInput } from '../domain/builders/index.ts'
import type { BindServices, Stores } from '../domain/index.ts'

/** As the page Drafts names the app. */
const assistant = 'Demo assistant'

/** Three drafts, proposed by the demo's marketer. */
export async function proposeFirstDrafts({ db, clock }: Stores, bind: BindServices, account: Account): Promise<void> {
  const person = await getUserByEmail(db, 'marketer@example.com')
  const [access] = await listAccess(db, person.id, account.systemName)
  if (!access) throw new Error('The marketer of the demo is no member of it')
  const { builders } = bind({ ...dashboardPrincipal(person.id, access), clientId: assistant })
  const inAWeek = addDays(dayOf(clock(), account.timeZone), 7)
  await builders.targetGroup(
    targetGroupDraftInput.parse({
      name: 'Gold and platinum, quiet since summer',
      organizationId: 'Fjell & Fjord',
      description: 'customers whose loyalty tier is gold or platinum and who have not ordered in the last 120 days',
    }),
  )
  await builders.trigger(
    triggerDraftInput.parse({
      name: 'Large basket',
      organizationId: 'Fjell & Fjord',
      description: 'fires on an order with amount greater than 200',
      followUp: { flow: 'fjell-care', delayMinutes: 60 },
    }),
  )
  await builders.campaign(
    campaignDraftInput.parse({
      name: 'Come back before the holidays',
      organizationId: 'Fjell & Fjord',
      channel: 'Email',
      audience: 'customers in Germany, Austria or Switzerland who ordered at least twice and have not ordered in the last 180 days',
      subject: 'Your trail is waiting',
      preheader: 'Ten per cent on everything for the cold season',
      content: '<h1>Winter is better outside</h1><p>We kept <b>ten per cent</b> for you, until Sunday.</p><p>No more of these? Unsubscribe at the foot of this mail.</p>',
      sendAt: `${inAWeek}T09:00`,
      controlShare: 0.1,
    }),
  )
}
