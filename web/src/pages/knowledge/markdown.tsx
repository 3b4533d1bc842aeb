/** Markdown as elements of this page. HTML in it is text; nothing is loaded from anywhere; only links to the web, to mail and to other documents lead somewhere. Loaded only where there is a text. */
import { Link } from '@tanstack/react-router'
import MarkdownIt, { type Token } from 'markdown-it'
import { createElement, Fragment, type ReactNode } from 'react'
import { TableBox } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './markdown.module.css'
import { type From, targetOf } from './target.ts'

const reader = new MarkdownIt({ html: false, linkify: false, maxNesting: 40 })

interface MarkdownProps {
  readonly account: Account
  readonly from: From
  /** The heading of the page: one that repeats it is left out. */
  readonly title: string
  readonly text: string
}

export default function Markdown({ account, from, title, text }: MarkdownProps) {
  const tokens = reader.parse(text, {})
  const repeats = tokens[0]?.type === 'heading_open' && plain(tokens[1]) === title
  return <div className={classes.text}>{drawn(treeOf(repeats ? tokens.slice(3) : tokens), { account, from })}</div>
}

interface Node {
  readonly token: Token
  readonly inside: Node[]
}
type Around = Pick<MarkdownProps, 'account' | 'from'>

function plain(token: Token | undefined): string {
  return (token?.children ?? []).map(({ content }) => content).join('')
}

/** Tokens open and close; elements hold each other. */
function treeOf(tokens: readonly Token[]): Node[] {
  const root: Node[] = []
  const open: Node[][] = [root]
  for (const token of tokens) {
    if (token.nesting === -1) {
      if (open.length > 1) open.pop()
      continue
    }
    const node: Node = { token, inside: token.type === 'inline' ? treeOf(token.children ?? []) : [] }
    open.at(-1)?.push(node)
    if (token.nesting === 1) open.push(node.inside)
  }
  return root
}

const drawn = (nodes: readonly Node[], around: Around): ReactNode => nodes.map((node, index) => <Fragment key={String(index)}>{element(node, around)}</Fragment>)

/** Elements that are what their tag says. */
const same = new Set(['p', 'ul', 'li', 'blockquote', 'strong', 'em', 's', 'thead', 'tbody', 'tr', 'td'])

function element({ token, inside }: Node, around: Around): ReactNode {
  const within = () => drawn(inside, around)
  switch (token.type) {
    case 'inline':
      return within()
    case 'text':
    case 'text_special':
    case 'html_inline':
    case 'html_block':
      return token.content
    case 'softbreak':
      return ' '
    case 'hardbreak':
      return <br />
    case 'hr':
      return <hr />
    case 'code_inline':
      return <code>{token.content}</code>
    case 'fence':
    case 'code_block':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <pre tabIndex={0}>{token.content}</pre>
      )
    case 'image':
      return <i className={classes.image}>Image: {token.content || 'not described'}</i>
    case 'heading_open':
      return createElement(`h${Math.min(6, Number(token.tag.slice(1)) + 1)}`, {}, within())
    case 'ordered_list_open':
      return <ol start={Number(token.attrGet('start') ?? 1)}>{within()}</ol>
    case 'th_open':
      return <th scope="col">{within()}</th>
    case 'table_open':
      return (
        <TableBox label="Table" className={classes.table}>
          {within()}
        </TableBox>
      )
    case 'link_open':
      return (
        <To href={String(token.attrGet('href') ?? '')} {...around}>
          {within()}
        </To>
      )
    default:
      return token.nesting === 1 && same.has(token.tag) && !token.hidden ? createElement(token.tag, {}, within()) : within()
  }
}

function To({ href, account, from, children }: Around & { href: string; children: ReactNode }) {
  const target = targetOf(href, from)
  if (target === undefined) return children
  if ('outside' in target) {
    return (
      <a href={target.outside} target="_blank" rel="noreferrer noopener nofollow">
        {children}
      </a>
    )
  }
  return (
    <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'knowledge', item: target.item }}>
      {children}
    </Link>
  )
}
