/** Why the stores cannot be opened, each in one sentence for the person who starts Mercat. Never seen by callers of tools. */

/** A server store does not answer or does not let us in, or the embedded engine cannot be loaded. */
export class StoreUnreachableError extends Error {
  constructor(message: string, cause: unknown) {
    super(`${message}.`, { cause })
    this.name = 'StoreUnreachableError'
  }
}

/** The store was written by a newer Mercat than this one. */
export class StoreTooNewError extends Error {
  constructor(store: 'operational' | 'analytics', found: number, known: number) {
    super(`The ${store} store is at version ${found}, this Mercat knows ${known}. Start the newer Mercat that wrote it, or restore a backup made before the upgrade.`)
    this.name = 'StoreTooNewError'
  }
}

/** Another process has the data folder: a server (then its admin socket answers) or a command that opened the stores itself. */
export class DataFolderInUseError extends Error {
  readonly folder: string
  /** The process that has it, when it has already said so. */
  readonly pid: number | undefined
  constructor(folder: string, pid: number | undefined) {
    super(`The data folder ${folder} is in use by another process${pid === undefined ? '' : ` (pid ${pid})`}. Stop it, or set MERCAT_DATA_DIR to another folder.`)
    this.name = 'DataFolderInUseError'
    this.folder = folder
    this.pid = pid
  }
}

export class DataFolderUnwritableError extends Error {
  readonly folder: string
  constructor(folder: string, reason: string, cause: unknown) {
    super(`The data folder ${folder} cannot be written (${reason}). Make it writable for this user, or set MERCAT_DATA_DIR to another folder.`, { cause })
    this.name = 'DataFolderUnwritableError'
    this.folder = folder
  }
}
