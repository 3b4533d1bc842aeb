/** The composition root: opens the stores, joins identity, services, pipeline and edge, and listens. The only module that knows them all; it decides nothing about the product. */
import packageJson from '../package.json' with { type: 'json' }
import { createPipeline, type Pipeline } from './catalog/call.ts'
import type { CatalogEntry } from './catalog/define.ts'
import { makeManifest } from './catalog/manifest.ts'
import { createCatalog } from './catalog/offer.ts'
import type { PromptDefinition } from './catalog/prompts/define.ts'
import { type Config, publicOrigin } from './config.ts'
import { type Clock, systemClock } from './core/clock.ts'
import type { Logger } from './core/log.ts'
import { isLoopbackOrigin } from './core/loopback.ts'
import { type AuditLog, createAuditLog, createCallBudget } from './domain/audit/index.ts'
import { recoverLoads } from './domain/facts/index.ts'
import { expireDraftsJob, startScheduledJob } from './domain/drafts/index.ts'
import { type BindServices, createServices, type Stores } from './domain/index.ts'
import { createGoogleAnalytics } from './domain/organizations/index.ts'
import type { SourceHouse } from './domain/sources/index.ts'
import { createSender, hearAnnouncements, purgeWebhooksJob, webhookJobs } from './domain/webhooks/index.ts'
import { writeKeysJob } from './domain/writes/index.ts'
import { createPutOff, domainJobs, hearCancellations, recorded, recountJob, recoverJobs, reportJob } from './domain/operations/index.ts'
import { type Admin, startAdmin } from './edge/admin.ts'
import { createApi } from './edge/api/serve.ts'
import { createGate } from './edge/gate.ts'
import { createConfirmations } from './edge/confirm.ts'
import { createGuides } from './edge/guides.ts'
import { listen } from './edge/http.ts'
import { createIngest } from './edge/ingest.ts'
import { createMcpEndpoint, type ExtendMcp } from './edge/mcp.ts'
import { makeOpenApi } from './edge/openapi.ts'
import { createTasks } from './edge/tasks.ts'
import { readViews } from './edge/views.ts'
import { createWeb } from './edge/web.ts'
import { createPullClient } from './ingest/pull-client.ts'
import { describeKinds } from './ingest/kinds/schema.ts'
import { sources } from './ingest/sources/index.gen.ts'
import { createStream } from './ingest/stream/index.ts'
import { createIdentity, type Identity, type IdentityOptions, installationSecret } from './identity/index.ts'
import { inBackground } from './storage/analytics/background.ts'
import { openStores, type OpenStores } from './storage/open.ts'
import { openJobs } from './storage/operational/jobs.ts'
import { upkeepJobs } from './storage/operational/upkeep.ts'

export interface Mercat {
  /** What clients see, without a trailing slash: the OAuth issuer. */
  readonly origin: string
  readonly port: number
  readonly stores: Stores & Pick<OpenStores, 'operational'>
  readonly identity: Identity
  readonly services: BindServices
  readonly pipeline: Pipeline
  readonly audit: AuditLog
  /** Stops listening, lets running calls end (10 s at most), writes the audit, closes the stores. */
  readonly close: () => Promise<void>
}

export interface AppOptions {
  readonly log: Logger
  readonly clock?: Clock
  /** Steps of a start that takes long. */
  readonly onProgress?: (step: string) => void
  /** Default: the whole catalog. */
  readonly tools?: readonly CatalogEntry[]
  /** Default: all. Those whose tools are not in the catalog are offered to nobody. */
  readonly prompts?: readonly PromptDefinition[]
  /** What of the protocol a test adds to each request's server. Default: nothing. */
  readonly extend?: ExtendMcp
  /** How identity reaches metadata documents of clients. Default: the internet. */
  readonly outgoing?: IdentityOptions['outgoing']
  /** How sources reach certificates and confirmations of platforms. Default: the internet. */
  readonly fetch?: typeof fetch
  /** How long a call may take. Default: 5 minutes. */
  readonly deadlineMs?: number
}

/** Starts a whole Mercat. Throws a sentence for the operator (port taken, folder in use, store too new …); nothing stays open then. */
export async function createMercat(config: Config, options: AppOptions): Promise<Mercat> {
  const { log, clock = systemClock, onProgress = () => {} } = options
  const closing: (() => Promise<unknown>)[] = []
  const closeAll = async () => {
    for (const close of closing.reverse()) await close().catch((error: unknown) => log.error({ err: error }, 'something did not close'))
  }
  try {
    // The port first: it is the quickest to fail, and with port 0 the issuer's address is not known before.
    const listening = await listen(config, log)
    closing.push(() => listening.close())
    onProgress('Opening the stores')
    const opened = await openStores(config)
    closing.push(opened.close)
    const stores = { db: opened.operational.db, operational: opened.operational, analytics: opened.analytics, clock }
    const origin = publicOrigin(config, listening.port)
    const identity = await createIdentity({
      stores,
      origin,
      secret: await installationSecret(config),
      config,
      log,
      clock,
      ...(options.outgoing === undefined ? {} : { outgoing: options.outgoing }),
    })
    closing.push(identity.close)
    const audit = createAuditLog(stores.db, log)
    closing.push(audit.close)
    const jobs = openJobs(opened.operational, log)
    closing.push(jobs.close)
    await recoverJobs(stores, opened.operational.engine === 'pglite')
    closing.push(await hearCancellations(opened.operational))
    closing.push(await hearAnnouncements(opened.operational, jobs.send, log))
    const background = { ...stores, analytics: inBackground(opened.analytics) }
    // What cannot be kept now is found by the clock within the hour; until then reports say what they were counted by.
    const recountLater = (accountId: string) => jobs.send(recountJob, { accountId }).catch((error: unknown) => log.error({ err: error }, 'figures could not be counted anew'))
    const sender = createSender(identity.seals, { local: isLoopbackOrigin(origin) })
    const stream = createStream({
      stores,
      background,
      seals: identity.seals,
      sources,
      clock,
      log,
      send: jobs.send,
      inboxBytes: config.MERCAT_INBOX_MB * 1024 * 1024,
      client: (settings, signal) => createPullClient({ baseUrl: settings.baseUrl ?? '', local: isLoopbackOrigin(origin), privateHosts: config.MERCAT_PULL_HOSTS, signal }),
      fetch: options.fetch,
    })
    closing.push(stream.close)
    const sourceHouse = { seals: identity.seals, types: sources, origin, wake: stream.wake, pull: stream.pull }
    const outward = {
      sender,
      sourceHouse,
      origin,
      toolPrefix: config.MERCAT_TOOL_PREFIX,
      googleAnalytics: googleAnalyticsOf(config),
      googleProperties: config.MERCAT_GOOGLE_PROPERTIES,
    }
    const services = createServices(stores, { ...outward, recountLater })
    const tools = options.tools ?? (await import('./catalog/tools/index.gen.ts')).tools
    const prompts = options.prompts ?? (await import('./catalog/prompts/index.gen.ts')).prompts
    const budget = createCallBudget(opened.operational, { perUser: config.MERCAT_RATE_USER, perAccount: config.MERCAT_RATE_ACCOUNT })
    const pipeline = createPipeline({
      catalog: createCatalog(tools, config.MERCAT_TOOL_PREFIX),
      bind: services,
      budget,
      audit,
      maxTokens: config.MERCAT_MAX_TOKENS,
      deferral: { longCost: config.MERCAT_LONG_REPORT_ROWS, putOff: createPutOff(stores, jobs.send) },
      bindJobs: createServices(background, { ...outward, recountLater }),
      log,
      clock,
      ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
    })
    const { version } = packageJson
    const tasks = createTasks({ services, budget, log })
    const views = readViews(log)
    const guides = createGuides({ catalog: pipeline.catalog, prompts, views, services, budget, log, clock })
    const confirmations = createConfirmations({ pipeline, proofs: identity.proofs, clock })
    const endpoint = createMcpEndpoint({
      pipeline,
      tasks,
      guides,
      confirmations,
      views,
      version,
      origin,
      onError: (error) => log.debug({ err: error }, 'MCP'),
      extend: options.extend,
    })
    const admin = await adminOf(config, stores, sourceHouse, log)
    const recovery = recover(background, log)
    let manifest: string | undefined
    let openApi: string | undefined
    listening.serve({
      origin,
      identity,
      gate: createGate({ identity, pipeline, endpoint, allowsOrigin: originsOf(origin) }),
      api: createApi({ origin, toolPrefix: config.MERCAT_TOOL_PREFIX ?? '', identity, stores, services, log }),
      ingest: createIngest({ door: stream.door, origin, clock, log }),
      web: createWeb(),
      manifest: () => (manifest ??= JSON.stringify(makeManifest(tools, prompts, version, config.MERCAT_TOOL_PREFIX))),
      openApi: () => (openApi ??= JSON.stringify(makeOpenApi({ origin, version, kinds: describeKinds(), webhooks: sources.filter(({ connection }) => connection === 'webhook') }))),
    })
    jobs.start([
      ...recorded(stores, log, [
        ...domainJobs(background, log, jobs.send),
        reportJob(background, pipeline.perform),
        writeKeysJob(stores),
        expireDraftsJob(stores),
        purgeWebhooksJob(stores),
        ...identity.jobs,
        ...upkeepJobs(opened.operational),
      ]),
      startScheduledJob(stores),
      ...webhookJobs(stores, sender, jobs.send, log),
      ...stream.jobs,
    ])
    stream.start()
    // Closed from the last to the first: commands and recovery, streams, the server (which waits for running calls), jobs, audit, identity, stores.
    closing.splice(0, 1)
    closing.push(
      () => listening.close(),
      endpoint.close,
      recovery.stop,
      async () => await admin?.close(),
    )
    let closed: Promise<void> | undefined
    return { origin, port: listening.port, stores, identity, services, pipeline, audit, close: () => (closed ??= closeAll()) }
  } catch (error) {
    await closeAll()
    throw error
  }
}

/** Funnels of webapps that name a property of Google Analytics; undefined: the installation has no credentials, and asks nobody. */
function googleAnalyticsOf({ MERCAT_GOOGLE_CREDENTIALS_FILE: credentialsFile, MERCAT_GOOGLE_ANALYTICS_URL: apiUrl }: Config) {
  return credentialsFile === undefined ? undefined : createGoogleAnalytics({ credentialsFile, apiUrl })
}

/** Pages of our own origin may use the MCP endpoints; while we are on loopback ourselves, so may other loopback pages (the Inspector runs on one). */
function originsOf(origin: string): (given: string) => boolean {
  return (given) => given === origin || (isLoopbackOrigin(origin) && isLoopbackOrigin(given))
}

/** Commands run inside this process while it holds the data folder. With both stores on servers nothing is held, and a command opens them itself. */
async function adminOf(config: Config, stores: Stores, sourceHouse: SourceHouse, log: Logger): Promise<Admin | undefined> {
  if (config.MERCAT_DATABASE_URL && config.MERCAT_CLICKHOUSE_URL) return undefined
  return await startAdmin({
    dataFolder: config.MERCAT_DATA_DIR,
    log,
    // Loaded at the first command: the commands bring all of ingestion with them.
    run: async (request, io, signal) => (await import('./cli/inside.ts')).commandRunner(config, stores, sourceHouse)(request, io, signal),
  })
}

/** Brings in what loads of a process that died left half done, while we already answer from the facts before them. */
function recover(stores: Stores, log: Logger): { stop: () => Promise<void> } {
  const stopping = new AbortController()
  const done = recoverLoads(stores, { signal: stopping.signal }).catch((error: unknown) => {
    if (!stopping.signal.aborted) log.error({ err: error }, 'loads left by an earlier process could not be finished')
  })
  return {
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}
