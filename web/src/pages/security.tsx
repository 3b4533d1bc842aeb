/** My security: password, second step, passkeys, and where the person is signed in. Only ever of the person who looks. */
import { IconShieldLock } from '@tabler/icons-react'
import { useApi } from '../api.ts'
import { Loading, Page, Problem } from '../kit/index.ts'
import { definePage } from '../page.ts'
import { useSession } from '../session.ts'
import { Authenticator } from './security/authenticator.tsx'
import { Passkeys } from './security/passkeys.tsx'
import { Password } from './security/password.tsx'
import { External, Sessions } from './security/sessions.tsx'

function SecurityPage() {
  const { user } = useSession()
  const { data, error, refetch } = useApi('security', 'status', {})
  return (
    <Page
      title="My security"
      description={`How you, ${user.email}, prove who you are, and where you are signed in. Changing the password, the authenticator app, recovery codes or passkeys, and signing out everywhere, need a sign-in that is not older than 15 minutes.`}
    >
      {data ? (
        <>
          <Passkeys status={data} />
          <Password has={data.password} email={user.email} />
          <Authenticator status={data} />
          <Sessions sessions={data.sessions} />
          <External external={data.external} />
        </>
      ) : error ? (
        <Problem error={error} retry={refetch} what="Your security" />
      ) : (
        <Loading rows={4} height={120} what="your security" />
      )}
    </Page>
  )
}

export default definePage({ path: 'security', title: 'My security', icon: IconShieldLock, order: 20, place: 'person', component: SecurityPage })
