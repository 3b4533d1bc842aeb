/** The addresses of the dashboard: `/`, `/a/<account>/<page>`, `/a/<account>/<page>/<item>`, `/<page of the person>`. Which pages there are, the files of pages/ say. */
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { AccountHome, AccountItemView, AccountPageView, Home, PersonPageView } from './shell/places.tsx'
import { NotHere } from './shell/not-here.tsx'
import { Broken, Shell } from './shell/shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotHere, errorComponent: Broken })
const home = createRoute({ getParentRoute: () => root, path: '/', component: Home })
const accountHome = createRoute({ getParentRoute: () => root, path: '/a/$account', component: AccountHome })
const accountPage = createRoute({ getParentRoute: () => root, path: '/a/$account/$page', component: AccountPageView })
const accountItem = createRoute({ getParentRoute: () => root, path: '/a/$account/$page/$item', component: AccountItemView })
const personPage = createRoute({ getParentRoute: () => root, path: '/$page', component: PersonPageView })

export const router = createRouter({
  routeTree: root.addChildren([home, accountHome, accountPage, accountItem, personPage]),
  scrollRestoration: true,
  // Filters in an address are plain text, as people type and share them.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const given = Object.entries(search as Record<string, unknown>).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]))
    const text = new URLSearchParams(given).toString()
    return text && `?${text}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
