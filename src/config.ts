/** The only reader of process.env: one schema, all problems reported at once. docs/generated/configuration.md is made from it. */
import { resolve } from 'node:path'
import { z } from 'zod'
import { type Role, roles } from './core/access.ts'
import { isLoopbackHost } from './core/loopback.ts'

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)
const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })

/** An owner, and an operator of the platform, is made by a person and never by a group of somebody else's directory. */
const groupRoles = roles.filter((role): role is Exclude<Role, 'owner'> => role !== 'owner')
const groupMap = z.record(z.string().min(1).max(200), z.array(z.strictObject({ account: z.string().min(1).max(40), role: z.enum(groupRoles) })).max(100))
/** Which property belongs to whom only the operator knows: an account that could name any would read another's figures with the installation's credentials. */
const googleProperties = jsonOf(
  z.record(z.string().min(1).max(40), z.array(z.string().regex(/^\d{4,20}$/, 'must be the number of a property')).max(1000)),
  '{"acme":["123456789"]}',
)

const groups = jsonOf(groupMap, '{"Marketing":[{"account":"acme","role":"marketer"}]}')

/** A setting that is JSON. Its first problem is told with its place. */
function jsonOf<Schema extends z.ZodType>(schema: Schema, like: string) {
  return z.string().transform((text, context): z.output<Schema> => {
    let given: unknown
    try {
      given = JSON.parse(text)
    } catch {
      context.addIssue(`must be JSON, like ${like}`)
      return z.NEVER
    }
    const parsed = schema.safeParse(given)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    const where = issue?.path.join('.') ?? ''
    const why = issue?.path.at(-1) === 'role' ? `must be one of ${groupRoles.join(', ')}: owners and operators are made by hand` : (issue?.message ?? 'is not valid')
    context.addIssue(`${where ? `at ${where} ` : ''}${why}`)
    return z.NEVER
  })
}

/** Every setting: its environment variable is the key. `meta.description` is the documentation. */
export const configSchema = z.strictObject({
  MERCAT_DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .transform((path) => resolve(path))
    .meta({ description: 'Folder of both embedded stores and of the first people’s passwords.' }),
  MERCAT_HOST: z.string().min(1).default('127.0.0.1').meta({ description: 'Address to listen on.' }),
  MERCAT_PORT: z.coerce.number().int().min(0).max(65535).default(4210).meta({ description: 'Port to listen on; 0 takes a free one.' }),
  MERCAT_PUBLIC_URL: url.optional().meta({
    description:
      'The address people and clients use, when a proxy stands in front. Origin only, https unless loopback. It is the OAuth issuer and never changes with request headers.',
  }),
  MERCAT_TRUSTED_PROXIES: list
    .default([])
    .meta({ description: 'Comma-separated addresses or CIDR ranges whose X-Forwarded-For is believed (rate limits and audit). Default: none.' }),
  MERCAT_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL')
    .optional()
    .meta({ description: 'PostgreSQL for the operational store. Default: PGlite in the data folder.' }),
  MERCAT_CLICKHOUSE_URL: url
    .optional()
    .meta({ description: 'ClickHouse over HTTP for the analytics store, with user, password and database in the URL. Default: chDB in the data folder.' }),
  MERCAT_CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a cluster name')
    .optional()
    .meta({ description: 'Name of the ClickHouse cluster: tables become Replicated and Distributed.' }),
  MERCAT_SECRET: z.string().min(32, 'must have at least 32 characters').optional().meta({
    description:
      'Key material that seals what is kept secret in the store. Required with MERCAT_DATABASE_URL (the same for all processes); otherwise made at first start and kept in the data folder.',
  }),
  MERCAT_TOOL_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,15}$/, 'must be snake_case, at most 16 characters')
    .optional()
    .meta({ description: 'Put before every tool name, for example optimove_.' }),
  MERCAT_REDIRECT_URIS: list
    .default([])
    .meta({ description: 'More redirect URIs that OAuth clients may register, besides the built-in ones of Claude, ChatGPT, VS Code and Cursor and loopback.' }),
  MERCAT_OIDC_ISSUER: url.optional().meta({
    description: 'Issuer of an external OpenID provider (Keycloak, Entra, Auth0 …) by which people may sign in too; see docs/sign-in.md. Https unless loopback.',
  }),
  MERCAT_OIDC_CLIENT_ID: z.string().min(1).max(500).optional().meta({ description: 'Client id of this Mercat at the external provider.' }),
  MERCAT_OIDC_CLIENT_SECRET: z.string().min(1).max(2000).optional().meta({ description: 'Its client secret.' }),
  MERCAT_OIDC_NAME: z.string().trim().min(1).max(40).optional().meta({ description: 'What the sign-in page calls the external provider. Default: the host of its issuer.' }),
  MERCAT_OIDC_GROUPS_CLAIM: z.string().min(1).max(200).default('groups').meta({ description: 'The claim that lists a person’s groups.' }),
  MERCAT_OIDC_GROUPS: groups.optional().meta({
    description: 'What groups give, as JSON: {"<group>":[{"account":"<system name>","role":"<role>"}]}. Followed at each sign-in. The role owner cannot be given.',
  }),
  MERCAT_GOOGLE_CREDENTIALS_FILE: z
    .string()
    .min(1)
    .transform((path) => resolve(path))
    .optional()
    .meta({
      description:
        'Key file of a Google service account, as JSON: webapps that name a Google Analytics 4 property of their account get their funnels from there. It needs the role Viewer on them.',
    }),
  MERCAT_GOOGLE_PROPERTIES: googleProperties
    .default({})
    .meta({ description: 'Which Google Analytics 4 properties belong to which account, as JSON: {"<system name>":["<property id>"]}. No account reads any other.' }),
  MERCAT_GOOGLE_ANALYTICS_URL: url.optional().meta({ description: 'Where the Google Analytics Data API is, origin only. Https unless loopback. Default: Google’s.' }),
  MERCAT_PULL_HOSTS: list
    .refine((hosts) => hosts.every((host) => /^[a-z0-9_]([a-z0-9._-]*|[0-9a-f:]*)$/i.test(host)), 'must be host names or addresses, without scheme and port')
    .default([])
    .meta({
      description:
        'Comma-separated host names of platforms in private networks that sources may ask for data, like listmonk.internal. Without it sources call public addresses over https only.',
    }),
  MERCAT_RATE_USER: z.coerce.number().int().min(1).max(1_000_000_000).default(300).meta({ description: 'Tool calls a minute that one person may make in one account.' }),
  MERCAT_RATE_ACCOUNT: z.coerce.number().int().min(1).max(1_000_000_000).default(1_500).meta({ description: 'Tool calls a minute of one account, all people together.' }),
  MERCAT_MAX_TOKENS: z.coerce.number().int().min(1000).max(100_000).default(25_000).meta({ description: 'Most tokens an answer may have.' }),
  MERCAT_INBOX_MB: z.coerce.number().int().min(1).max(1_000_000).default(1_024).meta({
    description:
      'Megabytes of deliveries of one account that may wait to be loaded; beyond it platforms are asked to come again later. What is pulled fills half of it at most. On disk they take about a sixth.',
  }),
  MERCAT_LONG_REPORT_ROWS: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(250_000_000).meta({
    description: 'A report that would read more rows of the analytics store than this runs as a job; about what a small machine reads in a minute.',
  }),
  MERCAT_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').meta({ description: 'How much is logged, as JSON lines on stderr.' }),
  MERCAT_DEMO: z
    .enum(['0', '1'])
    .default('1')
    .transform((value) => value === '1')
    .meta({ description: '0: do not make the demo account at the first start.' }),
})

export type Config = z.output<typeof configSchema>

/** All that is wrong with the configuration, one sentence a line. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`Configuration: ${problems.length} problem${problems.length === 1 ? '' : 's'}\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/**
 * Reads MERCAT_* from an environment. Unknown MERCAT_* names are errors, so that a typing mistake is never a silent default.
 * MERCAT_TEST_* and MERCAT_BENCH_* belong to the test suite and are passed over.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name.startsWith('MERCAT_') && !/^MERCAT_(TEST|BENCH)_/.test(name) && value !== ''))
  const parsed = configSchema.safeParse(given)
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => `${key} is not a setting of Mercat (see docs/generated/configuration.md)`)
          : [`${String(issue.path[0])} ${issue.message.replace(/^Invalid input: /, '')}`],
      ),
    )
  }
  const config = parsed.data
  const problems: string[] = []
  if (config.MERCAT_PUBLIC_URL) {
    const { protocol, hostname, pathname, search, hash, username } = new URL(config.MERCAT_PUBLIC_URL)
    if (protocol !== 'https:' && !isLoopbackHost(hostname)) problems.push('MERCAT_PUBLIC_URL must be https: OAuth tokens would travel in the clear')
    if (pathname !== '/' || search || hash || username) problems.push('MERCAT_PUBLIC_URL must be an origin only, like https://mercat.example.com')
  }
  if (config.MERCAT_DATABASE_URL && !config.MERCAT_SECRET) problems.push('MERCAT_SECRET is required with MERCAT_DATABASE_URL: all processes must share it')
  if (config.MERCAT_CLICKHOUSE_CLUSTER && !config.MERCAT_CLICKHOUSE_URL) problems.push('MERCAT_CLICKHOUSE_CLUSTER needs MERCAT_CLICKHOUSE_URL')
  problems.push(...oidcProblems(config), ...googleProblems(config))
  if (problems.length) throw new ConfigError(problems)
  return config
}

function oidcProblems(config: Config): string[] {
  const { MERCAT_OIDC_ISSUER: issuer, MERCAT_OIDC_CLIENT_ID: id, MERCAT_OIDC_CLIENT_SECRET: secret } = config
  if (!issuer || !id || !secret) {
    const given = [issuer, id, secret, config.MERCAT_OIDC_NAME, config.MERCAT_OIDC_GROUPS].some((value) => value !== undefined)
    return given ? ['MERCAT_OIDC_ISSUER, MERCAT_OIDC_CLIENT_ID and MERCAT_OIDC_CLIENT_SECRET are needed together'] : []
  }
  const { protocol, hostname, search, hash, username } = new URL(issuer)
  const problems: string[] = []
  if (protocol !== 'https:' && !isLoopbackHost(hostname)) problems.push('MERCAT_OIDC_ISSUER must be https: whoever could change its answers could sign in as anybody')
  if (search || hash || username) problems.push('MERCAT_OIDC_ISSUER must be an issuer only, without query, fragment or user')
  return problems
}

function googleProblems({ MERCAT_GOOGLE_CREDENTIALS_FILE: file, MERCAT_GOOGLE_ANALYTICS_URL: given, MERCAT_GOOGLE_PROPERTIES: properties }: Config): string[] {
  if (file && Object.keys(properties).length === 0) return ['MERCAT_GOOGLE_CREDENTIALS_FILE needs MERCAT_GOOGLE_PROPERTIES: no account may use it yet']
  if (!given) return []
  const { protocol, hostname, pathname, search, hash, username } = new URL(given)
  const problems: string[] = []
  if (!file) problems.push('MERCAT_GOOGLE_ANALYTICS_URL needs MERCAT_GOOGLE_CREDENTIALS_FILE')
  if (protocol !== 'https:' && !isLoopbackHost(hostname)) problems.push('MERCAT_GOOGLE_ANALYTICS_URL must be https: access tokens would travel in the clear')
  if (pathname !== '/' || search || hash || username) problems.push('MERCAT_GOOGLE_ANALYTICS_URL must be an origin only, like https://analyticsdata.googleapis.com')
  return problems
}

/** The origin that clients see, without a trailing slash: the OAuth issuer. */
export function publicOrigin(config: Config, port = config.MERCAT_PORT): string {
  if (config.MERCAT_PUBLIC_URL) return new URL(config.MERCAT_PUBLIC_URL).origin
  const host = config.MERCAT_HOST === '0.0.0.0' || config.MERCAT_HOST === '::' ? '127.0.0.1' : config.MERCAT_HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
