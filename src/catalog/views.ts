/** The views that clients with MCP Apps show for an answer: their names, addresses and what a host must know. Their pages are built elsewhere (web/views), and hold nothing of any account. */
import type { Effect } from '../core/access.ts'

/** A page of web/views. */
export const viewNames = ['report', 'overview', 'draft'] as const
export type ViewName = (typeof viewNames)[number]

/** The extension of the protocol, and the kind of its pages. */
export const viewsExtension = 'io.modelcontextprotocol/ui'
export const viewMimeType = 'text/html;profile=mcp-app'

/** Built pages, by name. */
export type BuiltViews = ReadonlyMap<ViewName, string>

const titles: Readonly<Record<ViewName, readonly [title: string, description: string]>> = {
  report: ['Report view', 'How a chat shows a report of campaigns or flows: figures, timeline, rows.'],
  overview: ['Overview view', 'How a chat shows the overview of an account: all orders, parts, channels, timeline.'],
  draft: ['Draft view', 'How a chat shows a proposed draft: what it is, whom it reaches, where a person approves it.'],
}

/** What a host may allow the page (McpUiResourceMeta): no origin to connect to, to load from, to frame or to stand on, and a border around it. */
const uiMeta = { ui: { csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] }, prefersBorder: true } }

export const viewUri = (view: ViewName): string => `ui://mercat/${view}.html`

export const viewAt = (uri: string): ViewName | undefined => viewNames.find((view) => viewUri(view) === uri)

/** An entry of resources/list. */
export function listView(view: ViewName) {
  const [title, description] = titles[view]
  return { uri: viewUri(view), name: title.toLowerCase(), title, description, mimeType: viewMimeType, _meta: uiMeta }
}

/** The page as resources/read answers it. */
export const viewText = (view: ViewName, html: string) => ({ uri: viewUri(view), mimeType: viewMimeType, text: html, _meta: uiMeta })

/** `_meta` of a tool's entry in tools/list. A page may never call a tool that creates something: such a tool is the model's alone. */
export function toolMeta(view: ViewName, effect: Effect) {
  return { ui: { resourceUri: viewUri(view), ...(effect === 'read' ? {} : { visibility: ['model'] }) } }
}
