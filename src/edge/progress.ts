/** How often progress is told. */

const progressEveryMs = 200

/** Progress only grows (MCP, "Progress"), and not faster than anyone reads. */
export function throttled(notify: (done: number, of?: number, message?: string) => void): (done: number, of?: number, message?: string) => void {
  let last = Number.NEGATIVE_INFINITY
  let at = Number.NEGATIVE_INFINITY
  return (done, of, message) => {
    const now = performance.now()
    if (done <= last || (now - at < progressEveryMs && done !== of)) return
    last = done
    at = now
    notify(done, of, message)
  }
}
