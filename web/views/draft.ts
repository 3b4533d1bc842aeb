/** The view of a proposed draft: what it is in words, whom it reaches, what to mind, and the way to the page where a person approves it. It approves nothing itself. */
import { el, listOf, plain, recordOf, written, type Child } from './dom.ts'
import { percent } from './figures.ts'
import { section, startView, type Shown } from './frame.ts'
import type { Host } from './host.ts'

const longestName = 120
const longestLine = 500
const longestDefinition = 20_000

startView('draft', ({ structured, account }: Shown, host): readonly Child[] => {
  const { draft, words, definition, audience, warnings, link, validateOnly } = structured
  const { type, name, status } = recordOf(draft)
  const notes = listOf(warnings).map((warning) => plain(recordOf(warning).text ?? warning, longestLine))
  const kind = plain(type ?? 'draft', 40).replaceAll('_', ' ')
  return [
    el(
      'header',
      {},
      el('h1', {}, written(name ?? '', longestName)),
      el(
        'p',
        { class: 'about' },
        el('span', { class: 'badge' }, kind),
        ' ',
        el('span', { class: 'badge' }, validateOnly === true ? 'not made yet' : plain(status ?? 'draft', 40)),
        account ? ' · ' : null,
        account ? written(account) : null,
      ),
    ),
    validateOnly === true ? el('p', { class: 'state' }, 'Nothing is made yet: this shows what would be.') : null,
    section('What it is', el('ul', { class: 'words' }, ...listOf(words).map((line) => el('li', {}, el('bdi', {}, plain(line, longestLine)))))),
    audienceOf(audience),
    notes.length ? section('Mind', el('ul', { class: 'cautions' }, ...notes.map((note) => el('li', {}, el('bdi', {}, note))))) : null,
    definition === undefined || definition === null
      ? null
      : el('details', {}, el('summary', {}, 'The definition'), el('pre', { tabindex: '0' }, JSON.stringify(definition, null, 2).slice(0, longestDefinition))),
    validateOnly === true ? null : approval(link, host),
  ]
})

function audienceOf(audience: unknown): Child {
  const { shown, share, reachable } = recordOf(audience)
  if (shown === undefined) return null
  const channels = listOf(reachable).map(recordOf)
  const people = (value: unknown) => (typeof value === 'number' ? value.toLocaleString('en') : plain(value))
  return section(
    'Whom it reaches',
    el(
      'dl',
      { class: 'tiles' },
      el(
        'div',
        {},
        el('dt', {}, 'People'),
        el('dd', {}, el('data', { value: String(shown) }, people(shown))),
        typeof share === 'number' ? el('dd', { class: 'change' }, `${percent(share)} of all`) : null,
      ),
      ...channels.map((one) =>
        el('div', {}, el('dt', {}, 'Reachable by ', written(one.channel ?? '')), el('dd', {}, el('data', { value: String(one.shown ?? '') }, people(one.shown ?? '–')))),
      ),
    ),
  )
}

/** Only an address of the web is one to open; where the host does not open it, it stands there to be copied. */
function approval(link: unknown, host: Host): Child {
  const url = typeof link === 'string' && URL.canParse(link) ? new URL(link) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return null
  const address = el('p', { class: 'address', hidden: '' }, 'Open this in a browser: ', el('code', {}, url.href))
  const button = el('a', { class: 'button', href: url.href, target: '_blank', rel: 'noopener noreferrer' }, 'Open in the dashboard to approve')
  button.addEventListener('click', (event) => {
    event.preventDefault()
    void host.openLink(url.href).then((opened) => {
      address.hidden = opened
    })
  })
  return el('div', { class: 'approve' }, button, el('p', { class: 'about' }, 'It is inert until a person approves it there.'), address)
}
