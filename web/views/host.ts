/** Speaks with the host that shows the view: the few messages of MCP Apps that a view needs which only shows (spec 2026-01-26). Calls no tool and asks for no data. */
import type { McpUiHostContext, McpUiInitializeResult } from '@modelcontextprotocol/ext-apps'
import { isRecord, recordOf } from './dom.ts'

const protocolVersion = '2026-01-26'
const methodNotFound = -32601

/** The answer of the tool, as far as a view looks at it. */
export interface ToolResult {
  readonly structured: Readonly<Record<string, unknown>> | undefined
  /** The text of the answer, or of its refusal. */
  readonly text: string
  readonly isError: boolean
  /** Name of the account. */
  readonly account: string | undefined
}

export interface ViewEvents {
  readonly result: (result: ToolResult, context: McpUiHostContext) => void
  /** The call was cancelled; nothing will come. */
  readonly cancelled: () => void
}

export interface Host {
  /** Asks the host to open an address in the browser. @returns whether it did */
  readonly openLink: (url: string) => Promise<boolean>
}

type Params = Readonly<Record<string, unknown>>

/** Says hello, dresses the page as the host wishes, and reports what comes. */
export function connectHost(name: string, events: ViewEvents): Host {
  const waiting = new Map<number, (answer: Params) => void>()
  let context: McpUiHostContext = {}
  let lastId = 0
  // The host's origin is unknown to a sandboxed page; it is the one window there is to speak to.
  const send = (message: object) => window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*')
  const request = (method: string, params: object) =>
    new Promise<Params>((done) => {
      const id = ++lastId
      waiting.set(id, done)
      send({ id, method, params })
    })
  const take = (more: McpUiHostContext) => {
    context = { ...context, ...more }
    dress(context)
  }
  const notices: Readonly<Record<string, (params: Params) => void>> = {
    'ui/notifications/tool-result': (params) => events.result(resultOf(params), context),
    'ui/notifications/tool-cancelled': events.cancelled,
    'ui/notifications/host-context-changed': (params) => take(params as McpUiHostContext),
  }
  const answers: Readonly<Record<string, true>> = { ping: true, 'ui/resource-teardown': true }

  window.addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
    if (source !== window.parent || !isRecord(data) || data.jsonrpc !== '2.0') return
    const { id, method } = data
    if (typeof method !== 'string') {
      const done = typeof id === 'number' ? waiting.get(id) : undefined
      waiting.delete(Number(id))
      return done?.(data)
    }
    if (id === undefined) return Object.hasOwn(notices, method) ? notices[method]?.(recordOf(data.params)) : undefined
    send(Object.hasOwn(answers, method) ? { id, result: {} } : { id, error: { code: methodNotFound, message: 'This view does not know the method' } })
  })

  void request('ui/initialize', { appInfo: { name: `mercat-${name}`, version: '1' }, appCapabilities: { availableDisplayModes: ['inline', 'fullscreen'] }, protocolVersion }).then(
    ({ result }) => {
      take((recordOf(result) as Partial<McpUiInitializeResult>).hostContext ?? {})
      send({ method: 'ui/notifications/initialized' })
      reportSize(send)
    },
  )
  return {
    openLink: async (url) => {
      const { result, error } = await request('ui/open-link', { url })
      return error === undefined && recordOf(result).isError !== true
    },
  }
}

function resultOf({ structuredContent, content, isError, _meta }: Params): ToolResult {
  const first = recordOf(Array.isArray(content) ? content.find((block) => isRecord(block) && block.type === 'text') : undefined)
  const account = recordOf(_meta)['mercat/account']
  return {
    structured: isRecord(structuredContent) ? structuredContent : undefined,
    text: typeof first.text === 'string' ? first.text : '',
    isError: isError === true,
    account: typeof account === 'string' ? account : undefined,
  }
}

/** Colours, radii and the names of fonts. Fonts themselves would have to be loaded, and a view loads nothing. */
const variable = /^--(?:color|font|border|shadow)-[a-z0-9-]{1,40}$/

function dress({ theme, styles, safeAreaInsets }: McpUiHostContext): void {
  const { style } = document.documentElement
  if (theme === 'light' || theme === 'dark') style.colorScheme = theme
  for (const [name, value] of Object.entries(recordOf(styles?.variables))) {
    if (variable.test(name) && typeof value === 'string' && !/url\s*\(/i.test(value)) style.setProperty(name, value)
  }
  for (const side of ['top', 'right', 'bottom', 'left'] as const) {
    const inset = safeAreaInsets?.[side]
    if (typeof inset === 'number') style.setProperty(`--inset-${side}`, `${inset}px`)
  }
}

/** The height that the page takes, whenever it changes: the host makes the frame as tall. */
function reportSize(send: (message: object) => void): void {
  let last = ''
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height)
    const size = { width: window.innerWidth, height }
    if (JSON.stringify(size) === last) return
    last = JSON.stringify(size)
    send({ method: 'ui/notifications/size-changed', params: size })
  }).observe(document.documentElement)
}
