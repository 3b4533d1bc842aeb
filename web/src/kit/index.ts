/** The parts that pages are made of. */
export { Card } from './card.tsx'
export { Confirm } from './confirm.tsx'
export { CopyField } from './copy.tsx'
export { done } from './done.ts'
export { Page, Section } from './page.tsx'
export { Empty, Loading, Problem } from './states.tsx'
export { exact, relative, Time } from './time.tsx'
