/** The data folder: made private, and held by one process at a time through a lock of the operating system, which dies with its process (ADR 0002). */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DataFolderInUseError, DataFolderUnwritableError } from './errors.ts'

export interface HeldFolder {
  readonly release: () => void
}

const sqliteBusy = 5

/**
 * Makes the folder (0700) and takes its lock. Throws DataFolderInUseError when another process, or this one, has it, and
 * DataFolderUnwritableError. SQLite's exclusive transaction is a kernel lock: after kill -9 nothing is left to clean up.
 */
export function holdFolder(folder: string): HeldFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new DataFolderUnwritableError(folder, reasonOf(error), error)
  }
  try {
    chmodSync(folder, 0o700)
  } catch {
    // Not ours: a mounted volume of another owner. Whether it can be written shows next.
  }
  const lock = openLock(folder)
  try {
    // Only told to people; the lock alone decides.
    writeFileSync(pidFile(folder), `${process.pid}\n`, { mode: 0o600 })
  } catch (error) {
    lock.close()
    throw new DataFolderUnwritableError(folder, reasonOf(error), error)
  }
  return { release: () => lock.close() }
}

function openLock(folder: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) throw new DataFolderInUseError(folder, readPid(folder))
    throw new DataFolderUnwritableError(folder, reasonOf(error), error)
  }
}

const pidFile = (folder: string) => join(folder, 'lock.pid')

/** The process that says it has the folder; undefined while it has not said so yet, or when it ended and another is just taking over. */
function readPid(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(folder), 'utf8').trim())
    if (!Number.isInteger(pid) || pid <= 0) return undefined
    process.kill(pid, 0)
    return pid
  } catch (error) {
    // The process of another user is alive, though it cannot be signalled; ESRCH and a missing file tell nothing.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? Number(readFileSync(pidFile(folder), 'utf8').trim()) : undefined
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'read-only file system',
    ENOSPC: 'no space left',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'it is a file',
  }
  return reasons[code] ?? (code === 'ERR_SQLITE_ERROR' ? 'permission denied' : error instanceof Error ? error.message : String(error))
}
