/** Makes an organization: the first of the four steps of a new client. Makes nothing else. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { nameField } from '../../core/arguments.ts'
import { MercatError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { label, matching } from '../../core/match.ts'
import { inline } from '../../core/text.ts'
import type { OperationalTransaction } from '../../storage/operational/schema.ts'
import { listOrganizations, type Organization, type OrganizationDetails, organizationDefinition } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { lockAccount, type NextStep, nextStepSchema, nextStepText, once, slugOf, writeArguments } from '../writes/index.ts'
import { type Installation, linkTo, toolOf } from './context.ts'
import { organizationFields } from './write-fields.ts'

export const createOrganizationInput = z.strictObject({ name: nameField, ...organizationFields, ...writeArguments })
type Input = z.output<typeof createOrganizationInput>

export const createOrganizationOutput = z.object({
  validateOnly: z.boolean(),
  repeated: z.boolean().describe('true: an earlier call with this idempotencyKey made it'),
  organization: z.object({ id: z.string().optional(), key: z.string(), name: z.string(), currency: z.string(), contact: z.array(z.string()) }),
  link: z.string().optional(),
  nextStep: nextStepSchema,
})
export type CreatedOrganization = z.output<typeof createOrganizationOutput>

export async function createOrganization(stores: Stores, principal: Principal, input: Input, installation: Installation): Promise<CreatedOrganization> {
  requireScopes(principal, 'manage:organization')
  if (principal.organizations !== null || principal.brands !== null) {
    throw new MercatError('not_allowed', 'You see only a part of the account, and a new organization would be outside of it', { hint: 'Ask an owner of the account to make it.' })
  }
  const { validateOnly, idempotencyKey, ...wanted } = input
  const currency = wanted.currency ?? principal.account.currency
  assertCurrency(currency)
  const { name, contact, website, country } = wanted
  const details: OrganizationDetails = { ...(contact ? { contact } : {}), ...(website ? { website } : {}), ...(country ? { country } : {}) }
  // The same schema as imports and get_schema.
  organizationDefinition.parse({ currency, ...details })
  const made = { name, currency, contact: Object.keys(contact ?? {}) }
  if (validateOnly) {
    const key = await freeKey(stores.db, principal, name)
    return { validateOnly, repeated: false, organization: { key, ...made }, nextStep: nextOf(undefined, installation) }
  }
  const { result, repeated } = await once(stores, principal, { tool: 'create_organization', idempotencyKey, arguments: wanted }, async (transaction) => {
    // Of two that make the same name at once, the second sees the first.
    await lockAccount(transaction, principal.account.id)
    const key = await freeKey(transaction, principal, name)
    const id = newId('organization')
    const row = { account_id: principal.account.id, id, key, name, currency, details: JSON.stringify(details), origin: 'mcp', created_by: principal.userId }
    await transaction.insertInto('organizations').values(row).execute()
    return { id, key }
  })
  return { validateOnly, repeated, organization: { ...result, ...made }, link: linkTo(installation, principal.account, result.id), nextStep: nextOf(result.id, installation) }
}

/** A key nobody has. Throws `conflict` where the name is taken: people could not tell the two apart. */
async function freeKey(db: Stores['db'] | OperationalTransaction, principal: Principal, name: string): Promise<string> {
  const all: Organization[] = await listOrganizations(db, principal)
  const [taken] = matching(
    name,
    all.map(({ id, name: other }) => ({ id, name: other })),
  )
  if (taken) {
    throw new MercatError('conflict', `There is already an organization called ${JSON.stringify(label(taken.name))}: ${taken.id}`, {
      argument: 'name',
      hint: 'Go on with that one, or choose another name.',
    })
  }
  return slugOf(
    'organization',
    name,
    all.map(({ key }) => key),
  )
}

function assertCurrency(currency: string): void {
  if (Intl.supportedValuesOf('currency').includes(currency)) return
  throw new MercatError('invalid_arguments', `currency is ${JSON.stringify(currency)}`, { argument: 'currency', value: currency, hint: 'Send an ISO 4217 code, like EUR.' })
}

function nextOf(id: string | undefined, installation: Installation): NextStep {
  return {
    by: 'tool',
    what: 'step 2 of 4: make a campaign with its webapp; validateOnly shows first what would be made.',
    tool: toolOf(installation, 'create_campaign'),
    arguments: { ...(id === undefined ? {} : { organizationId: id }), webapp: { mode: 'create' }, validateOnly: true },
  }
}

export function createdOrganizationText({ validateOnly, repeated, organization, link, nextStep }: CreatedOrganization): string {
  const { id, key, name, currency, contact } = organization
  const head = validateOnly ? 'Would make' : repeated ? 'Was made before by this call' : 'Made'
  return [
    `${head}: organization **${inline(label(name))}**${id === undefined ? '' : ` ${id}`} (key ${inline(key)}, ${currency})`,
    ...(contact.length ? [`Contact kept for the dashboard, not repeated here: ${contact.join(', ')}`] : []),
    ...(link === undefined ? [] : [link]),
    nextStepText(nextStep),
  ].join('\n')
}
