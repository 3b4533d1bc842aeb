/** What every view has: the page while nothing has come, when nothing will, and when the answer is something else than figures. */
import { el, plain, recordOf, written, type Child } from './dom.ts'
import { connectHost, type Host, type ToolResult } from './host.ts'
import './style.css'

/** An answer as a view draws it. */
export interface Shown {
  readonly structured: Readonly<Record<string, unknown>>
  readonly account: string | undefined
  /** What the host calls the tool. */
  readonly title: string | undefined
}

const longestRefusal = 1000

/** @param draw the parts of the page, from an answer of whatever form */
export function startView(name: string, draw: (shown: Shown, host: Host) => readonly Child[]): void {
  const page = document.querySelector('main') ?? document.body
  const show = (...children: readonly Child[]) => page.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false))
  const host = connectHost(name, {
    result: (result, context) => {
      page.removeAttribute('aria-busy')
      const title = context.toolInfo?.tool.title
      show(...partsOf(result, title === undefined ? undefined : plain(title), draw, host))
    },
    cancelled: () => {
      page.removeAttribute('aria-busy')
      show(el('p', { class: 'state' }, 'The call was cancelled: there is nothing to show.'))
    },
  })
  show(el('p', { class: 'state', role: 'status' }, 'Waiting for the answer …'))
}

function partsOf({ structured, text, isError, account }: ToolResult, title: string | undefined, draw: Parameters<typeof startView>[1], host: Host): readonly Child[] {
  if (isError || !structured)
    return [el('p', { class: isError ? 'state bad' : 'state', role: isError ? 'alert' : 'status' }, plain(text, longestRefusal) || 'The answer is empty.')]
  const { job } = structured
  if (job !== undefined) {
    const { id, state } = recordOf(job)
    return [
      heading(title ?? 'Report', [account]),
      el('p', { class: 'state' }, `This reads much and runs as a job, ${plain(id, 40)} (${plain(state, 20)}). The assistant can look for its answer.`),
    ]
  }
  try {
    return draw({ structured, account, title }, host)
  } catch {
    // An answer of another version: its text, which the assistant has, says the same.
    return [el('p', { class: 'state' }, 'This answer has a form that the view does not know. The assistant can read it.')]
  }
}

/** The title, and below it what it is about; user texts among it are nodes. */
export function heading(title: string, about: readonly (Child | string)[]): HTMLElement {
  const parts = about.filter((part): part is Node | string => part !== null && part !== undefined && part !== false && part !== '')
  return el(
    'header',
    {},
    el('h1', {}, title),
    el('p', { class: 'about' }, ...parts.flatMap((part, at) => [at === 0 ? null : ' · ', typeof part === 'string' ? written(part) : part])),
  )
}

export function section(title: string, ...children: readonly Child[]): HTMLElement {
  return el('section', {}, el('h2', {}, title), ...children)
}
