/** `mercat keys`: shows the keys of the installation and adds a new one. Never shows what a key is. */
import { z } from 'zod'
import { table } from '../table.ts'
import { installationSecret, listKeys, rotateKeys } from '../../identity/index.ts'
import { defineCommand, defineGroup } from '../define.ts'

const list = defineCommand({
  name: 'list',
  summary: 'List the keys of this installation',
  description: 'What is kept under a key: names of tokens and sealed texts in the store. A retired key is deleted by the hourly clean-up once nothing is kept under it any more.',
  input: z.strictObject({}),
  run: async ({ context }) => {
    const { db, clock } = await context.stores()
    const keys = await listKeys(db, await installationSecret(context.config), clock)
    context.print(
      table(
        ['key', 'made', 'used from', 'state', 'kept under it'],
        keys.map((key) => [key.id, key.createdAt.toISOString(), key.activeFrom.toISOString(), key.state, String(key.made)]),
      ),
    )
  },
})

const rotate = defineCommand({
  name: 'rotate',
  summary: 'Work with a new key from now on',
  description:
    'Every process begins to use the new key 10 seconds later. Nobody is signed out and no app loses its connection: what older keys made stays good, and is made anew under the new key as it is used. The installation secret does not change.',
  input: z.strictObject({}),
  run: async ({ context }) => {
    const { db, clock } = await context.stores()
    const made = await rotateKeys(db, await installationSecret(context.config), clock)
    context.print(`Made key ${made.id}. Every process uses it from ${made.activeFrom.toISOString()} on. Nobody is signed out.`)
  },
})

export default defineGroup({ name: 'keys', summary: 'Show and rotate the keys that protect tokens and secrets', commands: [list, rotate] })
