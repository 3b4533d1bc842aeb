/** The steps a person takes during an authorization request: sign in, read a refusal, consent. One URL a request; the page follows from what is still missing. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type Provider } from 'oidc-provider'
import type { Scope } from '../../core/access.ts'
import { authenticate, findUser, type User } from '../../domain/accounts/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { FormRefusedError, readForm } from '../forms.ts'
import type { Limits } from '../limits.ts'
import { type AppView, appView } from '../pages/app-view.ts'
import { type ConsentView, consentPage } from '../pages/consent.ts'
import { pageHeaders } from '../pages/layout.ts'
import { errorPage, refusalPage } from '../pages/message.ts'
import { signInPage } from '../pages/sign-in.ts'
import type { Resources } from '../resources.ts'
import type { Secrets } from '../secrets.ts'
import type { BrowserSessions } from './browser.ts'
import { accessAt, grantableScopes, usable } from './access.ts'
import type { AccessReason } from './policy.ts'
import { lifetimes } from './provider.ts'
import { accountsOfGrant } from './records-repository.ts'

export interface InteractionOptions {
  readonly provider: Provider
  readonly db: Db
  readonly resources: Resources
  readonly secrets: Secrets
  readonly limits: Limits
  readonly browsers: BrowserSessions
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>
type Grant = InstanceType<Provider['Grant']>

/** One request to an interaction's page, with everything it rests on. */
interface Visit {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly address: string
  readonly interaction: Interaction
  readonly app: AppView
  readonly clientId: string
  readonly csrf: string
  /** Who is signed in in this browser. */
  readonly person: User | undefined
}

export type InteractionHandler = (req: IncomingMessage, res: ServerResponse, uid: string, address: string) => Promise<void>

export function createInteractions(options: InteractionOptions): InteractionHandler {
  const { provider, db, resources, secrets, limits, browsers } = options

  function show(res: ServerResponse, status: number, body: string, redirectUri?: string, headers: Record<string, string> = {}): void {
    res.writeHead(status, { ...pageHeaders(redirectUri), ...headers }).end(body)
  }
  const go = (res: ServerResponse, location: string) => void res.writeHead(303, { location, 'cache-control': 'no-store' }).end()

  async function open(req: IncomingMessage, res: ServerResponse, uid: string, address: string): Promise<Visit | undefined> {
    // The cookie of the browser that began the request names the interaction; the URL alone (from a log, a message) opens nothing.
    const interaction = await provider.interactionDetails(req, res)
    if (interaction.uid !== uid) return undefined
    const clientId = String(interaction.params.client_id)
    const client = await provider.Client.find(clientId)
    if (!client) return undefined
    const userId = interaction.session?.accountId
    const person = userId === undefined ? undefined : await findUser(db, userId)
    return {
      req,
      res,
      address,
      interaction,
      clientId,
      person,
      app: appView({ clientId, clientName: client.clientName, redirectUris: client.redirectUris }, String(interaction.params.redirect_uri)),
      csrf: secrets.sign('interaction', uid, interaction.prompt.name, userId ?? ''),
    }
  }

  const resourceOf = ({ interaction }: Visit) => String(interaction.params.resource)
  const requestedScopes = ({ interaction }: Visit) => new Set(String(interaction.params.scope ?? '').split(' '))

  async function consentView(visit: Visit, person: User, problem?: string, chosen?: readonly string[]): Promise<ConsentView> {
    const access = await accessAt(db, resources, person.id, resourceOf(visit))
    const open = usable(access)
    const requested = requestedScopes(visit)
    const grant = await existingGrant(visit)
    const before = new Set(grant?.getResourceScope(resourceOf(visit)).split(' '))
    const asked = grantableScopes(open).filter((scope) => requested.has(scope))
    const accountsBefore = chosen ?? accountsOfGrant({ rar: grant?.rar })
    const one = resources.parse(resourceOf(visit)) !== 'mcp'
    return {
      app: visit.app,
      csrf: visit.csrf,
      person,
      problem,
      account: one
        ? (access[0]?.account.name ?? '')
        : access.map(({ account }) => ({
            id: account.id,
            name: account.name,
            systemName: account.systemName,
            enabled: account.mcpEnabled,
            chosen: account.mcpEnabled && (open.length === 1 || accountsBefore.includes(account.id)),
          })),
      scopes: asked.filter((scope) => !before.has(scope)),
      allowed: [...before].filter((scope): scope is Scope => (asked as string[]).includes(scope)),
      withoutMcp: !open.some(({ scopes }) => scopes.has('read:mcp')),
    }
  }

  async function existingGrant({ interaction }: Visit): Promise<Grant | undefined> {
    return interaction.grantId === undefined ? undefined : await provider.Grant.find(interaction.grantId)
  }

  async function showPage(visit: Visit): Promise<void> {
    const { res, app, csrf, person, interaction } = visit
    const { name, reasons } = interaction.prompt
    if (name === 'consent' && person) return show(res, 200, await consentPage(await consentView(visit, person)), app.redirectUri)
    if (name === 'access' && person) return show(res, 200, await refusalPage({ app, csrf, email: person.email, reason: reasons[0] as AccessReason }), app.redirectUri)
    const hint = interaction.params.login_hint
    show(res, 200, await signInPage({ app, csrf, email: typeof hint === 'string' ? hint.slice(0, 254) : '' }), app.redirectUri)
  }

  async function signIn(visit: Visit, form: URLSearchParams): Promise<void> {
    const { req, res, app, csrf, interaction, address } = visit
    const email = (form.get('email') ?? '').trim().slice(0, 254)
    const who = email.toLowerCase()
    // Counted before the password is looked at, and alike for people who do not exist.
    const waits = await Promise.all([limits.spend('signIn', `${who} ${address}`), limits.spend('signInAnywhere', who), limits.spend('signInAddress', address)])
    const wait = Math.max(0, ...waits.filter((seconds) => seconds !== undefined))
    if (wait > 0) {
      const problem = `Too many tries. Wait ${wait < 90 ? `${wait} seconds` : `${Math.ceil(wait / 60)} minutes`}, then try again.`
      return show(res, 429, await signInPage({ app, csrf, email, problem }), app.redirectUri, { 'retry-after': String(wait) })
    }
    const user = await authenticate(db, email, form.get('password') ?? '')
    if (!user) return show(res, 401, await signInPage({ app, csrf, email, problem: 'This e-mail and password do not belong together.' }), app.redirectUri)
    await limits.reset('signIn', `${who} ${address}`)
    await browsers.start(req, res, user, ['pwd'])
    // The interaction is freed from the session that it began with: there is a new one now.
    delete interaction.session
    interaction.result = { login: { accountId: user.id, amr: ['pwd'] } }
    await interaction.persist()
    go(res, interaction.returnTo)
  }

  async function allow(visit: Visit, person: User, form: URLSearchParams): Promise<void> {
    const { req, res, app, clientId } = visit
    const resource = resourceOf(visit)
    const open = usable(await accessAt(db, resources, person.id, resource))
    const chosen = resources.parse(resource) === 'mcp' ? form.getAll('account') : open.map(({ account }) => account.id)
    // Only accounts that the page offered to this person: an id from elsewhere is not an error but nothing.
    const accounts = open.map(({ account }) => account.id).filter((id) => chosen.includes(id))
    if (accounts.length === 0) return show(res, 400, await consentPage(await consentView(visit, person, 'Choose at least one account.', chosen)), app.redirectUri)
    const requested = requestedScopes(visit)
    const scopes = grantableScopes(open).filter((scope) => requested.has(scope))
    const before = await existingGrant(visit)
    // An app named by a document and redirecting to a local port is many installations: each gets a grant of its own, so that one does not end the others.
    const shared = before && !(clientId.startsWith('https://') && app.localOnly)
    const grant = shared ? before : new provider.Grant({ accountId: person.id, clientId })
    grant.addResourceScope(resource, [before?.getResourceScope(resource), ...scopes].filter(Boolean).join(' '))
    grant.rar = [{ type: 'accounts', identifiers: accounts }]
    grant.exp = Math.floor(Date.now() / 1000) + lifetimes.Grant
    go(res, await provider.interactionResult(req, res, { consent: { grantId: await grant.save() } }))
  }

  async function deny({ req, res, interaction }: Visit): Promise<void> {
    const unknown = interaction.prompt.reasons.includes('no_access' satisfies AccessReason)
    const result = unknown
      ? { error: 'invalid_target', error_description: 'the resource is unknown or not for this person' }
      : { error: 'access_denied', error_description: 'the person did not allow it' }
    go(res, await provider.interactionResult(req, res, result, { mergeWithLastSubmission: false }))
  }

  /** Ends the session of this browser and begins the app's request anew. */
  async function switchPerson(visit: Visit): Promise<void> {
    const { res, interaction } = visit
    await browsers.leave(visit.req, res)
    await interaction.destroy()
    go(res, `/authorize?${new URLSearchParams(interaction.params as Record<string, string>).toString()}`)
  }

  async function act(visit: Visit): Promise<void> {
    const { req, interaction, person } = visit
    const form = await readForm(req, resources.origin)
    if (!secrets.verify(form.get('csrf') ?? '', 'interaction', interaction.uid, interaction.prompt.name, interaction.session?.accountId ?? '')) {
      throw new FormRefusedError('cross_site', 'the form was not made for this person and step')
    }
    const action = form.get('action')
    if (action === 'deny') return await deny(visit)
    if (action === 'switch' && person) return await switchPerson(visit)
    if (action === 'sign-in' && interaction.prompt.name === 'login') return await signIn(visit, form)
    if (action === 'allow' && interaction.prompt.name === 'consent' && person && !person.disabled) return await allow(visit, person, form)
    throw new FormRefusedError('invalid_request', 'this step has no such action')
  }

  return async (req, res, uid, address) => {
    try {
      const visit = await open(req, res, uid, address)
      if (!visit) return show(res, 400, await errorPage('session_expired'))
      await (req.method === 'POST' ? act(visit) : showPage(visit))
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return show(res, 400, await errorPage('session_expired'))
      if (error instanceof FormRefusedError) return show(res, error.code === 'cross_site' ? 403 : 400, await errorPage(error.code))
      throw error
    }
  }
}
