/** The steps a person takes during an authorization request: sign in (at the one door), read a refusal, consent. One URL a request; the page follows from what is still missing. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type Provider } from 'oidc-provider'
import type { Scope } from '../../core/access.ts'
import type { Clock } from '../../core/clock.ts'
import { findUser, type User } from '../../domain/accounts/index.ts'
import { recordEvent } from '../../domain/audit/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { FormRefusedError, readForm, seeOther } from '../forms.ts'
import { type AppView, appView } from '../pages/app-view.ts'
import { type ConsentView, consentPage } from '../pages/consent.ts'
import { pageHeaders } from '../pages/layout.ts'
import { errorPage, refusalPage } from '../pages/message.ts'
import type { Resources } from '../resources.ts'
import type { Secrets } from '../secrets.ts'
import { signInPath } from '../sign-in/return-to.ts'
import type { AskingApp } from '../sign-in/step.ts'
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
  readonly browsers: BrowserSessions
  readonly clock: Clock
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>
type Grant = InstanceType<Provider['Grant']>

/** One request to an interaction's page, with everything it rests on. */
interface Visit {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly interaction: Interaction
  readonly app: AppView
  readonly clientId: string
  readonly csrf: string
  /** Who is signed in in this browser. */
  readonly person: User | undefined
}

export interface Interactions {
  readonly handle: (req: IncomingMessage, res: ServerResponse, uid: string) => Promise<void>
  /** The app whose request this is, for the sign-in page. Opens nothing: the request itself needs its cookie. */
  readonly askingApp: (uid: string) => Promise<AskingApp | undefined>
}

export function createInteractions(options: InteractionOptions): Interactions {
  const { provider, db, resources, secrets, browsers, clock } = options

  function show(res: ServerResponse, status: number, body: string, redirectUri?: string): void {
    res.writeHead(status, pageHeaders(redirectUri === undefined ? {} : { formTargets: [redirectUri] })).end(body)
  }

  async function appOf(interaction: Interaction): Promise<AppView | undefined> {
    const clientId = String(interaction.params.client_id)
    const client = await provider.Client.find(clientId)
    return client && appView({ clientId, clientName: client.clientName, redirectUris: client.redirectUris }, String(interaction.params.redirect_uri))
  }
  const csrfOf = (interaction: Interaction) => secrets.sign('interaction', interaction.uid, interaction.prompt.name, interaction.session?.accountId ?? '')

  async function open(req: IncomingMessage, res: ServerResponse, uid: string): Promise<Visit | undefined> {
    // The cookie of the browser that began the request names the interaction; the URL alone (from a log, a message) opens nothing.
    if (provider.createContext(req, res).cookies.get(provider.cookieName('interaction'), { signed: true }) !== uid) return undefined
    const begun = await provider.Interaction.find(uid)
    // Past sign-in the session that it began with must still stand. Before, it may just have been replaced by a fresh one.
    const interaction = begun?.prompt.name === 'login' ? begun : await provider.interactionDetails(req, res)
    const app = await appOf(interaction)
    if (!app) return undefined
    const userId = interaction.session?.accountId
    const person = userId === undefined ? undefined : await findUser(db, userId)
    return { req, res, interaction, clientId: String(interaction.params.client_id), person, app, csrf: csrfOf(interaction) }
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
    await signIn(visit)
  }

  /** Goes on once somebody has signed in since the app asked; before that, to the door. A session of before is not enough: else prompt=login would ask for nothing. */
  async function signIn({ req, res, interaction }: Visit): Promise<void> {
    const now = await browsers.current(req, res)
    if (!now || now.session === interaction.session?.uid) {
      return seeOther(res, signInPath(`/interaction/${interaction.uid}`, { again: true }))
    }
    // The interaction is freed from the session that it began with: there is a new one now.
    delete interaction.session
    interaction.result = { login: { accountId: now.user.id, amr: [...now.methods], ts: Math.floor(now.signedInAt.getTime() / 1000) } }
    await interaction.persist()
    seeOther(res, interaction.returnTo)
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
    const shared = before && !(clientId.startsWith('https://') && app.onThisMachine)
    const grant = shared ? before : new provider.Grant({ accountId: person.id, clientId })
    grant.addResourceScope(resource, [before?.getResourceScope(resource), ...scopes].filter(Boolean).join(' '))
    grant.rar = [{ type: 'accounts', identifiers: accounts }]
    grant.exp = Math.floor(Date.now() / 1000) + lifetimes.Grant
    const grantId = await grant.save()
    for (const accountId of accounts) await recordEvent(db, clock, { accountId, event: 'app.connected', userId: person.id, clientId, detail: { scopes } })
    seeOther(res, await provider.interactionResult(req, res, { consent: { grantId } }))
  }

  async function deny({ req, res, interaction }: Visit): Promise<void> {
    const unknown = interaction.prompt.reasons.includes('no_access' satisfies AccessReason)
    const result = unknown
      ? { error: 'invalid_target', error_description: 'the resource is unknown or not for this person' }
      : { error: 'access_denied', error_description: 'the person did not allow it' }
    seeOther(res, await provider.interactionResult(req, res, result, { mergeWithLastSubmission: false }))
  }

  /** Ends the session of this browser and begins the app's request anew. */
  async function switchPerson(visit: Visit): Promise<void> {
    const { res, interaction } = visit
    await browsers.leave(visit.req, res)
    await interaction.destroy()
    seeOther(res, `/authorize?${new URLSearchParams(interaction.params as Record<string, string>).toString()}`)
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
    if (action === 'allow' && interaction.prompt.name === 'consent' && person && !person.disabled) return await allow(visit, person, form)
    throw new FormRefusedError('invalid_request', 'this step has no such action')
  }

  return {
    handle: async (req, res, uid) => {
      try {
        const visit = await open(req, res, uid)
        if (!visit) return show(res, 400, await errorPage('session_expired'))
        await (req.method === 'POST' ? act(visit) : showPage(visit))
      } catch (error) {
        if (error instanceof errors.SessionNotFound) return show(res, 400, await errorPage('session_expired'))
        if (error instanceof FormRefusedError) return show(res, error.status, await errorPage(error.code))
        throw error
      }
    },
    askingApp: async (uid) => {
      const interaction = await provider.Interaction.find(uid)
      // Only of a request that waits for a sign-in: its form can do nothing but go back to the app. The token of a consent is for nobody who knows the URL.
      const app = interaction?.prompt.name === 'login' ? await appOf(interaction) : undefined
      if (!interaction || !app) return undefined
      const hint = interaction.params.login_hint
      return { app, hint: typeof hint === 'string' ? hint.slice(0, 254) : '', csrf: csrfOf(interaction) }
    },
  }
}
