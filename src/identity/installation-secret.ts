/** Where the installation secret is: the configuration, or a file made at the first start. Everything else that is secret derives from it or is sealed under it. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'

const secretBytes = 32

/** MERCAT_SECRET, or the one made at the first start and kept beside the stores, readable by the operator alone. */
export async function installationSecret(config: Pick<Config, 'MERCAT_SECRET' | 'MERCAT_DATA_DIR'>): Promise<string> {
  if (config.MERCAT_SECRET) return config.MERCAT_SECRET
  await mkdir(config.MERCAT_DATA_DIR, { recursive: true })
  const file = join(config.MERCAT_DATA_DIR, 'secret')
  try {
    await writeFile(file, randomBytes(secretBytes).toString('base64url'), { flag: 'wx', mode: 0o600, flush: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const secret = (await readFile(file, 'utf8')).trim()
  if (secret.length < secretBytes) throw new Error(`${file} is damaged: restore it from a backup, or delete it, after which everybody signs in again`)
  return secret
}
