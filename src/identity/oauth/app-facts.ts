/** What is known of an app: its registration, or the kept copy of its metadata document. Never asks the internet. */
import type { AppFacts } from '../pages/app-view.ts'
import type { DocumentStore } from './documents-repository.ts'
import type { Records } from './records-repository.ts'

/** undefined: the app deleted its registration, or its document has not been seen for a week. */
export async function appFacts(clientId: string, records: Pick<Records, 'of'>, documents: Pick<DocumentStore, 'read'>): Promise<AppFacts | undefined> {
  const metadata = clientId.startsWith('https://') ? await document(clientId, documents) : await records.of('Client').find(clientId)
  if (metadata === undefined) return undefined
  const { client_name: name, redirect_uris: uris } = metadata
  return { name: typeof name === 'string' ? name : undefined, redirectUris: Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string' && URL.canParse(uri)) : [] }
}

async function document(url: string, documents: Pick<DocumentStore, 'read'>): Promise<Readonly<Record<string, unknown>> | undefined> {
  const kept = await documents.read(url)
  return kept?.text === undefined ? undefined : (JSON.parse(kept.text) as Record<string, unknown>)
}
