/** `mercat docs`: brings folders of documents into an account for search_docs and get_doc, lists them, takes them out. Reading files is src/cli/documents.ts, the rest the domain's. */
import { basename } from 'node:path'
import { z } from 'zod'
import { inline } from '../../core/text.ts'
import { getAccount } from '../../domain/accounts/index.ts'
import { addDocuments, listSources, removeDocuments } from '../../domain/knowledge/index.ts'
import { defineCommand, defineGroup, exitCodes } from '../define.ts'
import { readFolder } from '../documents.ts'
import { table } from '../table.ts'

const account = z.string().min(1).meta({ description: 'System name of the account.', placeholder: 'name' })
const number = (value: number, noun: string) => `${value.toLocaleString('en')} ${noun}${value === 1 ? '' : 's'}`

const add = defineCommand({
  name: 'add',
  summary: 'Add a folder of Markdown and HTML files, or bring it up to date',
  description: [
    'Reads .md, .markdown, .html and .htm files of the folder and all folders in it, at most 1 MB each, in UTF-8. Links and names that begin with a dot are passed over.',
    'Headings become sections that search_docs finds; of HTML, scripts, styles and navigation are left out. Running it again takes in what has changed, and files that are gone',
    'from the folder are gone from the account; what cannot be read this time stays as it was. Every member of the account who may use Mercat through an assistant can read the documents.',
    'The exit code is 3 when files were refused.',
  ].join('\n'),
  examples: ['mercat docs add ./brand-guide --account acme', 'mercat docs add ./docs --account acme --name wiki'],
  arguments: ['folder'],
  input: z.strictObject({
    folder: z.string().min(1).meta({ description: 'Folder with the documents.', placeholder: 'folder' }),
    account,
    name: z.string().min(1).optional().meta({ description: 'What the folder is called in answers. Default: its own name.', placeholder: 'text' }),
  }),
  run: async ({ args, context }) => {
    const stores = await context.stores()
    const { id, systemName } = await getAccount(stores.db, args.account)
    const folder = context.path(args.folder)
    const name = args.name ?? basename(folder)
    const { files, refused: unread } = await readFolder(folder, context.signal)
    if (files.length === 0) {
      for (const { path, reason } of unread.slice(0, 10)) context.note(`Refused ${inline(path)}: ${reason}`)
      context.note(`There is no document in ${folder}; nothing was changed. mercat docs remove takes a folder's documents out of the account.`)
      return exitCodes.error
    }
    const result = await addDocuments(stores, id, name, files, {
      unread: unread.map(({ path }) => path),
      signal: context.signal,
      onProgress: (done, of) => context.progress('Documents', done, of, 'files'),
    })
    const refused = [...unread, ...result.refused]
    context.print(
      `${inline(name)}: ${number(result.added.length, 'document')} added, ${result.changed.length} changed, ${result.unchanged} unchanged, ${result.removed.length} removed; ${number(result.sections, 'section')} read.`,
    )
    for (const path of result.removed.slice(0, 10)) context.print(`  removed ${inline(path)}`)
    if (result.removed.length > 10) context.print(`  and ${result.removed.length - 10} others`)
    context.print(`Assistants of ${systemName} find them with search_docs from now on. After changes in the folder, run the same command again.`)
    if (refused.length === 0) return
    for (const { path, reason } of refused.slice(0, 20)) context.note(`Refused ${inline(path)}: ${reason}`)
    if (refused.length > 20) context.note(`and ${refused.length - 20} others`)
    return exitCodes.rejected
  },
})

const list = defineCommand({
  name: 'list',
  summary: 'List the folders of documents of an account',
  input: z.strictObject({ account }),
  run: async ({ args, context }) => {
    const stores = await context.stores()
    const found = await getAccount(stores.db, args.account)
    const sources = await listSources(stores, found.id)
    if (sources.length === 0) return context.print(`${found.systemName} has no documents yet. mercat docs add <folder> --account ${found.systemName} adds some.`)
    context.print(
      table(
        ['name', 'documents', 'KB', 'last change'],
        sources.map(({ source, documents, bytes, updatedAt }) => [source, String(documents), String(Math.ceil(bytes / 1024)), updatedAt.toISOString()]),
      ),
    )
  },
})

const remove = defineCommand({
  name: 'remove',
  summary: 'Take a folder’s documents out of an account',
  description: 'The files themselves stay where they are.',
  examples: ['mercat docs remove brand-guide --account acme'],
  arguments: ['name'],
  input: z.strictObject({ name: z.string().min(1).meta({ description: 'Name of the folder, as mercat docs list shows it.', placeholder: 'name' }), account }),
  run: async ({ args, context }) => {
    const stores = await context.stores()
    const found = await getAccount(stores.db, args.account)
    const removed = await removeDocuments(stores, found.id, args.name)
    context.print(`Removed ${number(removed, 'document')} of ${inline(args.name)} from ${found.systemName}.`)
  },
})

export default defineGroup({ name: 'docs', summary: 'Documents of an account, for its assistants to search', commands: [add, list, remove] })
