/** How each assistant is connected to an address, as data: the static page and the dashboard draw the same steps. Pure. */
import { isLoopbackOrigin } from '../../core/loopback.ts'

/** A piece of a sentence. `button` is what stands on something to press, `keys` what one types. */
export type Words = readonly (string | { readonly button: string } | { readonly code: string } | { readonly keys: string } | { readonly link: string; readonly href: string })[]

export interface Step {
  readonly words: Words
  /** To copy as it is. */
  readonly snippet?: string
}

export interface ClientGuide {
  readonly id: string
  readonly name: string
  /** What kind of program it is. */
  readonly kind: string
  /** Connects from the servers of its maker: the address must be public. */
  readonly fromInternet: boolean
  /** Opens the program with everything filled in. */
  readonly open?: { readonly label: string; readonly href: string }
  /** One after the other; otherwise each is a way of its own, or a remark. */
  readonly ordered: boolean
  readonly steps: readonly Step[]
}

export interface Guide {
  readonly url: string
  /** The address is good on this computer only. */
  readonly local: boolean
  readonly clients: readonly ClientGuide[]
}

/** @param path the endpoint: `c/<account>` or `mcp` */
export function guideTo(origin: string, path: `c/${string}` | 'mcp'): Guide {
  const url = `${origin}/${path}`
  return { url, local: origin.startsWith('http:') && isLoopbackOrigin(origin), clients: clientsOf(url) }
}

function clientsOf(url: string): ClientGuide[] {
  return [
    {
      id: 'claude',
      name: 'Claude',
      kind: 'web and desktop',
      fromInternet: true,
      ordered: true,
      steps: [
        { words: ['Open ', { link: 'Settings → Connectors', href: 'https://claude.ai/settings/connectors' }, ' and choose ', { button: 'Add custom connector' }, '.'] },
        { words: ['Name it ', { button: 'Mercat' }, ' and paste the address:'], snippet: url },
        { words: ['Choose ', { button: 'Connect' }, ', sign in to Mercat and allow what the page lists.'] },
      ],
    },
    {
      id: 'claude-code',
      name: 'Claude Code',
      kind: 'terminal',
      fromInternet: false,
      ordered: true,
      steps: [
        { words: ['Add the connector in a terminal:'], snippet: `claude mcp add --transport http mercat ${url}` },
        { words: ['In Claude Code type ', { keys: '/mcp' }, ', choose ', { button: 'mercat' }, ' and sign in.'] },
      ],
    },
    {
      id: 'chatgpt',
      name: 'ChatGPT',
      kind: 'web and desktop',
      fromInternet: true,
      ordered: true,
      steps: [
        { words: ['Open ', { button: 'Settings → Apps & Connectors → Advanced' }, ' and switch on ', { button: 'Developer mode' }, '.'] },
        { words: ['Choose ', { button: 'Create' }, ', name it ', { button: 'Mercat' }, ', paste the address and keep ', { button: 'OAuth' }, ':'], snippet: url },
        { words: ['Choose ', { button: 'Create' }, ' again, then sign in to Mercat.'] },
      ],
    },
    {
      id: 'cursor',
      name: 'Cursor',
      kind: 'editor',
      fromInternet: false,
      open: { label: 'Add to Cursor', href: cursorLink(url) },
      ordered: false,
      steps: [
        { words: ['Or put this into ', { code: '~/.cursor/mcp.json' }, ':'], snippet: JSON.stringify({ mcpServers: { mercat: { url } } }, null, 2) },
        { words: ['Cursor then shows ', { button: 'Needs login' }, ': click it and sign in to Mercat.'] },
      ],
    },
    {
      id: 'vscode',
      name: 'VS Code',
      kind: 'editor',
      fromInternet: false,
      open: { label: 'Add to VS Code', href: codeLink(url) },
      ordered: false,
      steps: [
        { words: ['Or in a terminal:'], snippet: `code --add-mcp '${JSON.stringify({ name: 'mercat', type: 'http', url })}'` },
        { words: ['VS Code asks to sign in when the first tool is used.'] },
      ],
    },
    {
      id: 'other',
      name: 'Any other client',
      kind: 'MCP over Streamable HTTP',
      fromInternet: false,
      ordered: false,
      steps: [
        {
          words: ['Use the address as it is. The client finds the sign-in by itself (OAuth 2.1 with PKCE; client metadata documents and dynamic registration are both supported):'],
          snippet: url,
        },
        { words: ['To offer fewer tools, add ', { code: '?read_only=1' }, ' or ', { code: '?toolsets=reports' }, ' to the address.'] },
      ],
    },
  ]
}

/** Cursor's install link: the server's configuration as base64. */
function cursorLink(url: string): string {
  return `cursor://anysphere.cursor-deeplink/mcp/install?name=mercat&config=${encodeURIComponent(Buffer.from(JSON.stringify({ url })).toString('base64'))}`
}

/** VS Code's install link: the server's configuration, percent-encoded. */
function codeLink(url: string): string {
  return `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: 'mercat', type: 'http', url }))}`
}
