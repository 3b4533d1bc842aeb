/** The page of a browser's own sign-in: who is signed in here, and signing out. Apps and their grants are not touched. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sameText } from '../../core/hash.ts'
import { FormRefusedError, readForm } from '../forms.ts'
import { pageHeaders } from '../pages/layout.ts'
import { errorPage, signedInPage, signedOutPage } from '../pages/message.ts'
import type { BrowserSessions } from './browser.ts'

export function createSessionPage(origin: string, browsers: BrowserSessions): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return async (req, res) => {
    const person = await browsers.current(req, res)
    if (req.method !== 'POST') {
      const body = person ? await signedInPage(person.user, person.csrf) : await signedOutPage()
      return void res.writeHead(200, pageHeaders()).end(body)
    }
    try {
      const form = await readForm(req, origin)
      if (!person || !sameText(form.get('csrf') ?? '', person.csrf)) throw new FormRefusedError('cross_site', 'the form was not made for this session')
      await browsers.leave(req, res)
      res.writeHead(200, pageHeaders()).end(await signedOutPage())
    } catch (error) {
      if (!(error instanceof FormRefusedError)) throw error
      res.writeHead(error.status, pageHeaders()).end(await errorPage(error.code))
    }
  }
}
