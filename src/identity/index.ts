/** The door to identity: who is asking, and the pages and endpoints where they say so. Nothing else of this folder is imported from outside. */
import { createAddressOf } from './address.ts'
import { createApps } from './apps.ts'
import { createGrants } from './apps-repository.ts'
import { createTokenCheck } from './check.ts'
import { cleanUpJob } from './cleanup.ts'
import { createListener, handles } from './http.ts'
import { openKeyRing } from './key-ring.ts'
import { createLimits } from './limits.ts'
import { metadataOf } from './metadata.ts'
import { canonicalAuthorizeUrl } from './oauth/authorize-url.ts'
import { appFacts } from './oauth/app-facts.ts'
import { appNames } from './oauth/app-names.ts'
import { createBrowserSessions } from './oauth/browser.ts'
import { internet } from './oauth/documents.ts'
import { createDocumentStore } from './oauth/documents-repository.ts'
import { createInteractions } from './oauth/interactions.ts'
import { createProvider } from './oauth/provider.ts'
import { createSessionPage } from './oauth/session.ts'
import { createResources } from './resources.ts'
import { createChallenges } from './sign-in/challenges-repository.ts'
import { createRecognise } from './sign-in/external-people.ts'
import { createExternalProvider } from './sign-in/external-provider.ts'
import { createSignIn } from './sign-in/index.ts'
import { createPasskeys } from './sign-in/passkeys.ts'
import { createSecondFactor } from './sign-in/second-factor.ts'
import { createSecurity } from './sign-in/security.ts'
import type { Identity, IdentityOptions } from './types.ts'

export { installationSecret } from './installation-secret.ts'
export { listKeys, openSeals, rotateKeys } from './key-ring.ts'
export type { Admitted, CheckResult, Identity, IdentityOptions, Resource, SignedIn } from './types.ts'

/** Opens identity on an operational store. Throws when the store was sealed under another secret. */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const {
    stores: { operational },
    origin,
    config,
    log,
    clock,
  } = options
  const { db } = operational
  const ring = await openKeyRing(operational, options.secret, clock, log)
  const { secrets } = ring
  const resources = createResources(origin)
  const limits = createLimits(operational, secrets)
  const addressOf = createAddressOf(config.MERCAT_TRUSTED_PROXIES)
  const documents = createDocumentStore(db, secrets, clock)
  const { provider, records } = await createProvider({
    db,
    resources,
    secrets,
    limits,
    documents,
    redirectUris: config.MERCAT_REDIRECT_URIS,
    outgoing: options.outgoing ?? internet,
    log,
    clock,
  })
  const browsers = createBrowserSessions({ provider, records, db, clock })
  const interactions = createInteractions({ provider, db, resources, secrets, browsers, clock })
  const secondFactor = createSecondFactor(db, secrets, clock)
  const challenges = createChallenges(db, secrets, clock)
  const passkeys = createPasskeys({ db, challenges, origin, clock, log })
  const externalProvider = createExternalProvider(config, origin, clock, log)
  const external = externalProvider && { provider: externalProvider, recognise: createRecognise({ db, clock, log, groups: config.MERCAT_OIDC_GROUPS ?? {} }) }
  const grants = createGrants(db, secrets, clock)
  const tokens = await createTokenCheck(operational, secrets, resources, clock, log, grants)
  return {
    handles: (pathname) => handles(pathname, resources),
    listener: createListener({
      resources,
      limits,
      log,
      addressOf,
      oauth: provider.callback(),
      interaction: interactions.handle,
      signIn: createSignIn({ db, secrets, limits, browsers, clock, origin, askingApp: interactions.askingApp, secondFactor, passkeys, challenges, external }),
      session: createSessionPage(origin, browsers),
      canonicalAuthorize: (url) => canonicalAuthorizeUrl(url, resources),
    }),
    metadata: (pathname) => metadataOf(pathname, resources),
    browser: browsers.current,
    leave: browsers.leave,
    security: createSecurity({ db, browsers, limits, secondFactor, passkeys, clock }),
    check: tokens.check,
    hold: tokens.hold,
    apps: createApps({ db, clock, grants, endGrant: records.endGrant, factsOf: (clientId) => appFacts(clientId, records, documents) }),
    appNames: (clientIds) => appNames(clientIds, records, documents),
    proofs: { sign: secrets.sign, verify: secrets.verify },
    resourceUrl: (systemName) => resources.url(`c/${systemName}`),
    metadataUrl: resources.metadataUrl,
    seals: { seal: secrets.seal, open: secrets.open, sealBytes: secrets.sealBytes, openBytes: secrets.openBytes },
    jobs: [cleanUpJob({ db, secret: options.secret, records, challenges, clock, log })],
    close: async () => {
      await tokens.close()
      await ring.close()
    },
  }
}
