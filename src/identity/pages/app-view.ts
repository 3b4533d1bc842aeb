/** How an app that asks for access is shown: what it says of itself, and what is known of it. Pure. */

export interface AppView {
  /** What it calls itself; not checked by anyone. */
  readonly name: string
  /** Where the answer goes, in words. */
  readonly destination: string
  /** The host that vouches for it, when it named itself by a metadata document. */
  readonly vouchedBy: string | undefined
  /** Every redirect URI is on the person's own machine: any program there could be it. */
  readonly localOnly: boolean
  /** This time the answer goes to the person's own machine, where any program could be the app: registered or not beside an address of the web. */
  readonly onThisMachine: boolean
  readonly redirectUri: string
}

export interface AppMetadata {
  readonly clientId: string
  readonly clientName?: string | undefined
  readonly redirectUris?: readonly string[] | undefined
}

/** What an app said of itself when it registered, or in its document. */
export interface AppFacts {
  readonly name: string | undefined
  readonly redirectUris: readonly string[]
}

const onThisMachine = (uri: string) => !uri.startsWith('https:')

export function appView(client: AppMetadata, redirectUri: string): AppView {
  const url = new URL(redirectUri)
  const document = client.clientId.startsWith('https://') ? new URL(client.clientId).host : undefined
  // Letters that draw nothing or turn the text around could make one name look like another.
  const name = client.clientName?.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return {
    name: name ? (name.length > 60 ? `${name.slice(0, 59)}…` : name) : (document ?? 'An app without a name'),
    destination: url.protocol === 'https:' ? url.host : url.protocol === 'http:' ? `this computer (${url.host})` : `the app for ${url.protocol}// links on this computer`,
    vouchedBy: document,
    onThisMachine: onThisMachine(redirectUri),
    localOnly: (client.redirectUris ?? [redirectUri]).every(onThisMachine),
    redirectUri,
  }
}

/** In a list, where no answer is under way: the first redirect URI stands for all. @param facts undefined: nothing is known of it any more */
export function knownAppView(clientId: string, facts: AppFacts | undefined): AppView {
  const redirectUris = facts?.redirectUris ?? []
  return appView({ clientId, clientName: facts?.name, redirectUris }, redirectUris[0] ?? 'http://localhost')
}

/** The letter in the app's tile. */
export const initialOf = (name: string) => (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? '?').toUpperCase()
