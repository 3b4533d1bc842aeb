/** What people read when the external provider did not bring them in: why, and what to do. */
import { html } from 'hono/html'
import { brand, page } from '../pages/layout.ts'
import type { Refusal } from './external-people.ts'
import type { ExternalError } from './external-provider.ts'

export type Stopped = Refusal | ExternalError['kind'] | 'stale'

export const stopStatus: Record<Stopped, number> = { unverified: 403, unknown: 403, disabled: 403, denied: 403, invalid: 400, stale: 400, away: 503 }

const words: Record<Stopped, { title: string; text: (name: string) => string }> = {
  unverified: {
    title: 'Your address is not verified',
    text: (name) => `${name} does not say that your e-mail address is verified. Without that, Mercat cannot know who you are. Verify it there, or ask whoever runs ${name}.`,
  },
  unknown: {
    title: 'You have no access yet',
    text: (name) => `${name} knows you, but none of your groups there gives access to an account here. Ask an owner of the account for an invitation.`,
  },
  disabled: { title: 'You cannot sign in', text: () => 'Your access to this Mercat was ended. Ask whoever runs it.' },
  denied: { title: 'You were not signed in', text: (name) => `${name} did not sign you in, or you cancelled. Nothing was changed.` },
  invalid: {
    title: 'That did not work',
    text: (name) => `The answer of ${name} could not be accepted. Try again; if it stays so, tell whoever runs this Mercat: the log has the reason.`,
  },
  stale: { title: 'That did not work', text: () => 'This sign-in took longer than five minutes, was finished already, or was begun in another browser. Begin again.' },
  away: { title: 'The sign-in service does not answer', text: (name) => `${name} cannot be reached at the moment. Try again in a little while, or sign in another way.` },
}

/** @param back the sign-in page with where it leads */
export function stoppedPage(stopped: Stopped, name: string, back: string): Promise<string> {
  const { title, text } = words[stopped]
  return page(
    title,
    html`${brand}
<h1>${title}</h1>
<p class="lead" role="alert">${text(name)}</p>
<p class="who"><a href="${back}">Back to sign-in</a></p>`,
  )
}
