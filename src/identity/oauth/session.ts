/** The page of a browser's own sign-in: who is signed in here, and signing out. Apps and their grants are not touched. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { findUser } from '../../domain/accounts/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { BrowserSessions } from './browser.ts'
import { FormRefusedError, readForm } from '../forms.ts'
import { pageHeaders } from '../pages/layout.ts'
import { errorPage, signedInPage, signedOutPage } from '../pages/message.ts'
import type { Secrets } from '../secrets.ts'

export function createSessionPage(
  provider: Provider,
  db: Db,
  origin: string,
  secrets: Secrets,
  browsers: BrowserSessions,
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return async (req, res) => {
    const context = provider.createContext(req, res)
    const session = await provider.Session.get(context)
    const person = session.accountId === undefined ? undefined : await findUser(db, session.accountId)
    if (req.method !== 'POST') {
      const body = person ? await signedInPage(person, secrets.sign('sign-out', session.uid)) : await signedOutPage()
      return void res.writeHead(200, pageHeaders()).end(body)
    }
    try {
      const form = await readForm(req, origin)
      if (!secrets.verify(form.get('csrf') ?? '', 'sign-out', session.uid)) throw new FormRefusedError('cross_site', 'the form was not made for this session')
      await browsers.leave(req, res)
      res.writeHead(200, pageHeaders()).end(await signedOutPage())
    } catch (error) {
      if (!(error instanceof FormRefusedError)) throw error
      res.writeHead(error.code === 'cross_site' ? 403 : 400, pageHeaders()).end(await errorPage(error.code))
    }
  }
}
