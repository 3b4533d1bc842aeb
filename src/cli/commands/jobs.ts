/** `mercat jobs`: work beside the calls for an operator: shown, looked at, cancelled. By the same table as the tools; results are not shown here. */
import { z } from 'zod'
import { getAccount } from '../../domain/accounts/index.ts'
import { errorText, jobStates, jobTypes, operatorJobs, progressText } from '../../domain/operations/index.ts'
import { defineCommand, defineGroup } from '../define.ts'
import { table } from '../table.ts'

const id = z.string().max(64).meta({ description: 'Id of the job, job_….', placeholder: 'id' })

const list = defineCommand({
  name: 'list',
  summary: 'Show jobs, newest first',
  description: 'Of all accounts and of the installation (purges, cleaning up), or of one account. Ended ones are kept for 24 hours.',
  examples: ['mercat jobs list', 'mercat jobs list --account acme --state running'],
  input: z.strictObject({
    account: z.string().optional().meta({ description: 'System name of an account.', placeholder: 'name' }),
    state: z.enum(jobStates).optional().meta({ description: 'Only jobs in this state.', placeholder: 'state' }),
    type: z.enum(jobTypes).optional().meta({ description: 'Only jobs of this type.', placeholder: 'type' }),
    limit: z.coerce.number().int().min(1).max(100).default(20).meta({ description: 'How many.', placeholder: 'count' }),
  }),
  run: async ({ args: { account, ...question }, context }) => {
    const stores = await context.stores()
    const accountId = account === undefined ? undefined : (await getAccount(stores.db, account)).id
    const { jobs, coverage } = await operatorJobs(stores).list(accountId, question)
    if (jobs.length === 0) return context.print('No jobs.')
    context.print(
      table(
        ['id', 'of', 'type', 'title', 'state', 'progress', 'started', 'finished'],
        jobs.map((job) => [job.id, job.accountId ?? 'installation', job.type, job.title, job.state, progressText(job) ?? '', job.startedAt ?? '', job.finishedAt ?? '']),
      ),
    )
    context.print(`${coverage.shown} of ${coverage.of}`)
  },
})

const show = defineCommand({
  name: 'show',
  summary: 'Show one job',
  examples: ['mercat jobs show job_9f3k2m7q1x5t8v0c'],
  arguments: ['id'],
  input: z.strictObject({ id }),
  run: async ({ args, context }) => {
    const job = await operatorJobs(await context.stores()).get(args.id)
    const facts = [
      ['id', job.id],
      ['of', job.accountId ?? 'installation'],
      ['type', job.type],
      ['title', job.title],
      ['asked by', job.userId ?? ''],
      ['state', job.state],
      ['progress', progressText(job) ?? ''],
      ['so far', job.partial ? JSON.stringify(job.partial) : ''],
      ['created', job.createdAt],
      ['started', job.startedAt ?? ''],
      ['finished', job.finishedAt ?? ''],
      ['kept until', job.expiresAt ?? ''],
      ['error', errorText(job) ?? ''],
    ] as const
    context.print(
      table(
        ['what', 'value'],
        facts.filter(([, value]) => value !== ''),
      ),
    )
  },
})

const cancel = defineCommand({
  name: 'cancel',
  summary: 'End a job',
  description: 'What it asked the stores stops within seconds. What already ended stays as it is.',
  examples: ['mercat jobs cancel job_9f3k2m7q1x5t8v0c'],
  arguments: ['id'],
  input: z.strictObject({ id }),
  run: async ({ args, context }) => {
    const { state } = await operatorJobs(await context.stores()).cancel(args.id)
    context.print(state === 'cancelled' ? `${args.id} is cancelled.` : `${args.id} had ended already: ${state}.`)
  },
})

export default defineGroup({ name: 'jobs', summary: 'Work beside the calls: show and cancel', commands: [list, show, cancel] })
