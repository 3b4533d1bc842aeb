/** What is read in a message, whatever its markup is. */
import { expect, test } from 'vitest'
import { readMessage } from './message.ts'

const said = (html: string) =>
  readMessage(html)?.blocks.map(({ kind, runs }) => `${kind}: ${runs.map(({ text, href }) => (href === undefined ? text : `[${text}](${href})`)).join('')}`)

test('blocks, links and images in the order of reading; cells of a layout are apart', () => {
  const html =
    '<h1>Hi <b>there</b></h1><table><tr><td>One</td><td>Two</td></tr></table><p>Dear {{ name }},<br>see <a href=" https://a.example/ ">this</a>.</p><ul><li>Tea &amp; co</li></ul><img src="x" alt="A hut">'
  expect(said(html)).toEqual(['heading: Hi there', 'text: One', 'text: Two', 'text: Dear {{ name }},', 'text: see [this](https://a.example/).', 'item: Tea & co', 'image: A hut'])
})

test('nothing of what is not read: scripts, styles, what is hidden', () => {
  const html =
    '<title>T</title><style>p{}</style><script>x()</script><div style="display: none">preview</div><p hidden>no</p><template><p>no</p></template><p onclick="x()">yes</p>'
  expect(said(html)).toEqual(['text: yes'])
})

test('a text without markup is its own; unclosed and broken markup is read as far as it goes', () => {
  expect(readMessage('<3 I love it, 1 < 2')).toBeUndefined()
  expect(said('<p>One<p>Two<li>Three</b></i><a href="y">Four')).toEqual(['text: One', 'text: Two', 'item: Three[Four](y)'])
})

test('too many blocks and too deep a nesting end early, and say so, in no time', () => {
  const many = readMessage('<p>x</p>'.repeat(60_000))
  expect([many?.blocks.length, many?.more]).toEqual([300, true])
  const deep = readMessage(`<p>first</p>${'<div>'.repeat(100_000)}last`)
  expect([deep?.blocks.length, deep?.more]).toEqual([1, true])
})
