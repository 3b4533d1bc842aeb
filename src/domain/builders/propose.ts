/** Makes proposals: checked and reviewed first, then stored as drafts in one transaction, once for each key. It changes nothing that there is, and sets no status but draft. */
import { withinBytes } from '../../core/text.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { fitDefinition } from '../explorer/index.ts'
import { assertNameFree, assertSeesMade, insertProposal, insertRows, lockAccount, madeBefore, type NewRow, type NextStep, once } from '../writes/index.ts'
import type { DraftAnswer, Made, UnderstoodPhrase, Warning } from './answer.ts'
import { type Context, linkTo, said } from './context.ts'
import { placeOf, type Placed } from './references.ts'
import { type Review, reviewOf } from './review.ts'

/** What a call would make. */
export interface Plan {
  /** The draft first, then what is made for it; keys are those that are free in the store it is given. */
  readonly rows: (db: DbOrTransaction) => Promise<readonly [NewRow, ...NewRow[]]>
  readonly understood: readonly UnderstoodPhrase[]
  /** The words it was made from. */
  readonly description: string | undefined
  /** The argument that holds the rule. */
  readonly ruleAt?: string
  readonly warnings?: readonly Warning[]
}

interface Given {
  readonly organizationId?: string | undefined
  readonly validateOnly: boolean
  readonly idempotencyKey?: string | undefined
}

/** @param plan reads and decides; it stores nothing */
export async function propose<Input extends Given>(context: Context, tool: string, input: Input, plan: (context: Context, input: Input) => Promise<Plan>): Promise<DraftAnswer> {
  const { stores, principal } = context
  const { validateOnly, idempotencyKey, ...wanted } = input
  const call = { tool, idempotencyKey, arguments: wanted }
  const made = async () => (validateOnly ? undefined : await madeBefore<DraftAnswer>(stores.db, principal, call))
  const before = await made()
  if (before) return { ...before, repeated: true }
  const place = await placeOf(context, input.organizationId)
  const planned = await plan(context, input)
  const preview = await planned.rows(stores.db)
  for (const row of preview) assertSees(context, row)
  try {
    for (const row of preview) await assertNameFree(stores.db, principal, row.type, row.name)
  } catch (taken) {
    // By the same call, of which this is a retry: the other was under way when it was looked for.
    const since = await made()
    if (since) return { ...since, repeated: true }
    throw taken
  }
  // The count may take long: it is done before anything is locked.
  const [draft, ...companions] = preview
  const review = await reviewOf(context, draft, { companions, ...(planned.ruleAt === undefined ? {} : { ruleAt: planned.ruleAt }) })
  const answer = (rows: readonly [NewRow, ...NewRow[]]) => answerOf(context, tool, rows, planned, review, place, validateOnly)
  if (validateOnly) return answer(preview)
  const { result, repeated } = await once(stores, principal, call, async (transaction) => {
    await lockAccount(transaction, principal.account.id)
    const rows = await planned.rows(transaction)
    for (const row of rows) await assertNameFree(transaction, principal, row.type, row.name)
    await insertRows(transaction, principal, place.organization?.id ?? null, rows)
    for (const row of rows) await insertProposal(transaction, principal, row, { tool, description: planned.description, now: stores.clock() })
    return answer(rows)
  })
  return { ...result, repeated }
}

/** Whoever sees only some brands sees what carries one of them. */
function assertSees({ principal }: Context, { type, brandId }: NewRow): void {
  if (brandId === undefined) assertSeesMade(principal, `the ${type.replaceAll('_', ' ')}`)
}

/** Bytes of phrases that an answer repeats. */
const mostUnderstood = 4_000

function answerOf(
  { principal, door }: Context,
  tool: string,
  rows: readonly [NewRow, ...NewRow[]],
  { understood, warnings = [] }: Plan,
  review: Review,
  { organization, unplaced }: Placed,
  validateOnly: boolean,
): DraftAnswer {
  const made = ({ type, id, key, name }: NewRow): Made => ({ type, ...(validateOnly ? {} : { id }), key, name, status: 'draft' })
  const [draft] = rows
  const link = validateOnly ? null : linkTo(door, principal, draft.id)
  const nextStep: NextStep = validateOnly
    ? { by: 'tool', what: 'if this is right, make it: the same arguments without validateOnly, and an idempotencyKey.', tool: (door.toolPrefix ?? '') + tool }
    : {
        by: 'person',
        what: `a person with approve:drafts looks at ${rows.length > 1 ? 'the drafts' : 'the draft'} in the dashboard and decides; until then nothing happens.`,
        ...(link === null ? {} : { link }),
      }
  const place: Warning = {
    code: 'no_organization',
    text: 'It belongs to the account as a whole: who sees only some organizations will not see it. Send organizationId if it is of one.',
  }
  return {
    validateOnly,
    repeated: false,
    draft: made(draft),
    created: rows.map(made),
    words: [...review.words, ...(organization ? [`Of the organization ${said(organization.name)}.`] : [])],
    understood: withinBytes(understood, mostUnderstood, ({ text, means }) => text + means),
    definition: fitDefinition(draft.definition).value as Record<string, unknown>,
    audience: review.audience,
    warnings: [...warnings, ...review.warnings, ...(unplaced ? [place] : [])],
    link,
    nextStep,
  }
}
