/** The inbox of drafts, one draft, edits, comments and decisions. */
import { z } from 'zod'
import { nameField } from '../../../core/arguments.ts'
import { draftTypes } from '../../../domain/drafts/index.ts'
import { entityStatuses } from '../../../domain/entities/index.ts'
import { appNames } from '../app-names.ts'
import { account, mutation, query } from '../define.ts'

const id = z.string().min(1).max(60)
const revision = z.int().min(1)
const status = z.enum(entityStatuses)
const said = (most: number) =>
  z
    .string()
    .trim()
    .refine((value) => value.length >= 1 && value.length <= most && !/[\p{Cs}\0]/u.test(value), `Send 1 to ${most} characters`)
const instant = z.iso.datetime({ offset: true, error: 'must be ISO 8601 with a zone' }).nullable().optional()
const change = {
  name: nameField.optional(),
  channel: z.string().max(40).nullable().optional(),
  startsAt: instant,
  endsAt: instant,
  /** Top-level fields to replace; null takes one away. */
  definition: z.record(z.string().max(60), z.unknown()).optional(),
}

export default {
  list: query({
    input: z.strictObject({ account, state: z.enum(['open', 'decided']), type: z.enum(draftTypes).optional(), cursor: z.string().max(600).optional() }),
    run: async ({ input: { account: name, ...asked }, at, identity }) => {
      const { drafts, ...rest } = await (await at(name)).services.drafts.list(asked)
      const appOf = await appNames(
        { identity },
        drafts.map(({ clientId }) => clientId),
      )
      return { ...rest, drafts: drafts.map((draft) => ({ ...draft, app: appOf(draft.clientId) })) }
    },
  }),
  /** How many wait for a decision, of all that the person sees. */
  waiting: query({
    input: z.strictObject({ account }),
    run: async ({ input, at }) => ({ count: await (await at(input.account)).services.drafts.waiting() }),
  }),
  one: query({
    input: z.strictObject({ account, id }),
    run: async ({ input, at, identity }) => {
      const { draft, ...rest } = await (await at(input.account)).services.drafts.get(input.id)
      return { ...rest, draft: { ...draft, app: (await appNames({ identity }, [draft.clientId]))(draft.clientId) } }
    },
  }),
  /** What the draft, or the draft as a change would make it, is in words, whom it reaches, and what to mind. */
  review: query({
    input: z.strictObject({ account, id, ...change }),
    run: async ({ input: { account: name, id: draft, ...given }, at, signal }) => {
      const { services } = await at(name)
      const { changes, ...row } = await services.drafts.tryChange(draft, given)
      return { changes, ...(await services.builders.review(row, signal)) }
    },
  }),
  edit: mutation({
    input: z.strictObject({ account, id, revision, ...change }),
    run: async ({ input: { account: name, ...edit }, at }) => await (await at(name)).services.drafts.edit(edit),
  }),
  comment: mutation({
    input: z.strictObject({ account, id, text: said(4_000) }),
    run: async ({ input, at }) => await (await at(input.account)).services.drafts.comment(input.id, input.text),
  }),
  approve: mutation({
    input: z.strictObject({ account, id, revision, start: z.enum(['now', 'scheduled']) }),
    run: async ({ input: { account: name, ...decision }, at }) => await (await at(name)).services.drafts.approve(decision),
  }),
  reject: mutation({
    input: z.strictObject({ account, id, revision, reason: said(1_000) }),
    run: async ({ input: { account: name, ...decision }, at }) => await (await at(name)).services.drafts.reject(decision),
  }),
  /** Pauses, resumes, stops, archives, starts or takes back what was approved here. */
  changeStatus: mutation({
    input: z.strictObject({ account, id, from: status, to: status }),
    run: async ({ input: { account: name, ...step }, at }) => await (await at(name)).services.drafts.changeStatus(step),
  }),
}
