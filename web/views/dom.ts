/** Makes elements. Text goes in as text, never as HTML: whatever users wrote stays letters. */

export type Child = Node | string | null | undefined | false

/** An element with attributes of our own making and children; null, undefined and false are left out. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

export function svg(tag: string, attributes: Readonly<Record<string, string | number>>, ...children: readonly Node[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

const inTooltips = 300

/** At most `most` characters on one line, without control and direction marks; a cut is marked. */
export function plain(text: unknown, most = 80): string {
  const line = String(text)
    .slice(0, most * 20)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  const characters = Array.from(line)
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`
}

/** What a user wrote: clipped, and isolated, so that letters of another direction turn nothing around it. */
export function written(text: unknown, most = 80): HTMLElement {
  const shown = plain(text, most)
  return el('bdi', shown.endsWith('…') ? { title: plain(text, inTooltips) } : {}, shown)
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})
