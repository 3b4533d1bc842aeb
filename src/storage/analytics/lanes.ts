/** A bounded pool of chDB sessions: a session runs one statement at a time and is thrown away after a failure. */

export interface Lanes<Session> {
  /**
   * Waits for a free session. Each who waits gets a turn after the other, and the same one's takes are served in order of asking:
   * a hundred statements of one person hold up another's by one. Rejects with the signal's reason when it aborts first.
   */
  readonly take: (signal: AbortSignal, who?: string) => Promise<Session>
  /** @param sound false: the statement failed, so the session may hold rows that the failed statement had written already. */
  readonly give: (session: Session, sound: boolean) => void
  /** Resolves when every session is back; takes after this are refused. */
  readonly drain: () => Promise<void>
}

interface Waiter<Session> {
  readonly start: (session: Session) => void
  readonly refuse: (reason: Error) => void
}

export function createLanes<Session extends { close(): void }>(size: number, open: () => Session): Lanes<Session> {
  const idle: Session[] = []
  /** By who waits; the first is next. */
  const waiting = new Map<string, Set<Waiter<Session>>>()
  let busy = 0
  let drained: (() => void) | undefined

  const next = () => {
    const [first] = waiting
    if (!first || busy >= size) return
    const [who, queue] = first
    const [waiter] = queue
    // Whoever waits on goes to the end.
    waiting.delete(who)
    if (!waiter) return
    queue.delete(waiter)
    if (queue.size) waiting.set(who, queue)
    busy++
    try {
      waiter.start(idle.pop() ?? open())
    } catch (error) {
      busy--
      waiter.refuse(error instanceof Error ? error : new Error(String(error)))
      // The place is free again, and nobody else may say so.
      next()
    }
  }

  return {
    take: (signal, who = '') =>
      new Promise((resolve, reject) => {
        if (signal.aborted || drained) {
          reject(signal.aborted ? signal.reason : new Error('The analytics store is closed'))
          return
        }
        const leave = () => {
          const queue = waiting.get(who)
          queue?.delete(waiter)
          if (queue?.size === 0) waiting.delete(who)
          reject(signal.reason)
        }
        const waiter: Waiter<Session> = {
          start: (session) => {
            signal.removeEventListener('abort', leave)
            resolve(session)
          },
          refuse: (reason) => {
            signal.removeEventListener('abort', leave)
            reject(reason)
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        const queue = waiting.get(who) ?? new Set()
        waiting.set(who, queue.add(waiter))
        next()
      }),
    give: (session, sound) => {
      busy--
      if (sound && !drained) idle.push(session)
      else session.close()
      if (drained) {
        if (busy === 0) drained()
      } else next()
    },
    drain: () =>
      new Promise((resolve) => {
        drained = resolve
        for (const queue of waiting.values()) for (const waiter of queue) waiter.refuse(new Error('The analytics store is closed'))
        waiting.clear()
        for (const session of idle.splice(0)) session.close()
        if (busy === 0) resolve()
      }),
  }
}
