/** Who is signed in, for everything that is drawn inside the shell. */
import { createContext, useContext } from 'react'
import type { Account, Session } from './server.ts'

export const SessionContext = createContext<Session | undefined>(undefined)
export const AccountContext = createContext<Account | undefined>(undefined)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('There is no session outside of the shell')
  return session
}

/** The account's time zone on its pages; the browser's own elsewhere. */
export function useZone(): string | undefined {
  return useContext(AccountContext)?.timeZone
}
