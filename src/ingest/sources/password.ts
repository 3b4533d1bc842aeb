/** What the sources have in common whose platforms sign nothing and prove themselves by HTTP Basic: the user name, the password Mercat makes, and the address that carries both. */
import { z } from 'zod'
import type { SetupPlace } from '../../domain/sources/index.ts'

export const username = 'mercat'

export const passwordSettings = z.object({
  password: z
    .string()
    .min(16)
    .max(200)
    .meta({ title: 'Password', description: 'What the platform proves itself by. Mercat makes one and shows it once.', secret: true, generated: true }),
})

/** https://mercat:password@host/…; the plain address before there is a password. */
export function addressWithPassword({ url, settings }: Pick<SetupPlace, 'url' | 'settings'>): string {
  if (!settings.password) return url
  const address = new URL(url)
  address.username = username
  address.password = settings.password
  return address.href
}

/** What is copied where a platform asks for the two by themselves; the user name alone before there is a password. */
export const credentials = ({ settings }: Pick<SetupPlace, 'settings'>) => [
  { label: 'Username', value: username },
  ...(settings.password ? [{ label: 'Password', value: settings.password }] : []),
]
