/** A Google service account by its key file, and access tokens for it (RFC 7523). What the file, a token or Google's answer says becomes part of no error. */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { MercatError } from '../../../core/errors.ts'
import { isLoopbackHost } from '../../../core/loopback.ts'

export interface Access {
  /** The service account, as people give it a role. */
  readonly email: string
  readonly token: string
}

export interface ServiceAccount {
  /** A token that is good for a while yet. Aborting rejects with the signal's reason. */
  readonly access: (signal: AbortSignal) => Promise<Access>
  /** Google did not take the token: the next one is made anew, from the file as it is then. */
  readonly forget: () => void
}

const safely = (address: string) => new URL(address).protocol === 'https:' || isLoopbackHost(new URL(address).hostname)

/** As Google Cloud writes it; what else it holds is of no use here. */
const fileSchema = z.object({
  type: z.literal('service_account'),
  client_email: z.email().max(254),
  private_key: z.string().max(20_000),
  private_key_id: z.string().max(200).optional(),
  token_uri: z
    .url({ protocol: /^https?$/, abort: true })
    .refine(safely)
    .default('https://oauth2.googleapis.com/token'),
})
type KeyFile = Omit<z.output<typeof fileSchema>, 'private_key'> & { readonly key: KeyObject }

const tokenSchema = z.object({ access_token: z.string().min(1).max(10_000), expires_in: z.number().min(1).max(86_400).default(3600) })

/** Milliseconds before its end that a token is no longer used: the question it is for takes a while too. */
const leeway = 60_000

/** google-auth-library has Google's address for tokens written into it, whatever the key file says; and it would put Google's words into its errors. */
export function createServiceAccount(path: string, scope: string): ServiceAccount {
  let kept: (Access & { readonly until: number }) | undefined
  return {
    access: async (signal) => {
      // People who ask at the same time do not wait for one another's request: one of them may go away.
      if (!kept || kept.until <= Date.now()) kept = await newAccess(await readKey(path), scope, signal)
      return kept
    },
    forget: () => {
      kept = undefined
    },
  }
}

async function readKey(path: string): Promise<KeyFile> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw wrongFile(`cannot be read (${String((error as NodeJS.ErrnoException).code)})`)
  }
  try {
    const { private_key: pem, ...file } = fileSchema.parse(JSON.parse(text))
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType !== 'rsa') throw new Error('not RSA')
    return { ...file, key }
  } catch {
    throw wrongFile('is not the key file of a service account')
  }
}

async function newAccess({ client_email: email, private_key_id: id, token_uri: address, key }: KeyFile, scope: string, signal: AbortSignal) {
  const now = Date.now()
  const seconds = Math.floor(now / 1000)
  const claims = { iss: email, scope, aud: address, iat: seconds, exp: seconds + 3600 }
  const signed = [{ alg: 'RS256', typ: 'JWT', ...(id ? { kid: id } : {}) }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const assertion = `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
  let response: Response
  let answer: unknown
  try {
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
    response = await fetch(address, { method: 'POST', body, signal, redirect: 'error' })
    answer = await response.json().catch(() => undefined)
  } catch {
    throw signal.aborted ? signal.reason : new MercatError('unavailable', 'Google’s server for access tokens is not reachable at the moment', { retryAfter: 30 })
  }
  const token = tokenSchema.safeParse(answer)
  if (response.ok && token.success) return { email, token: token.data.access_token, until: now + token.data.expires_in * 1000 - leeway }
  signal.throwIfAborted()
  if (response.ok || response.status >= 500 || response.status === 429) {
    throw new MercatError('unavailable', 'Google’s server for access tokens gives none at the moment', { retryAfter: 30 })
  }
  throw new MercatError('conflict', `Google does not accept the key of the service account ${email}`, {
    hint: 'Whoever runs this Mercat looks whether the key was deleted or the account disabled in Google Cloud, and whether the clock of the machine is right.',
  })
}

const wrongFile = (what: string) =>
  new MercatError('conflict', `The file that MERCAT_GOOGLE_CREDENTIALS_FILE names ${what}`, {
    hint: 'Whoever runs this Mercat puts the JSON key of a service account of Google Cloud there, readable by Mercat.',
  })
