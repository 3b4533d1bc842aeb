/** The pool of sessions: bounded, in order, and without what failed. */
import { describe, expect, test } from 'vitest'
import { createLanes } from './lanes.ts'

function counted() {
  const closed: number[] = []
  let opened = 0
  const open = () => {
    const number = ++opened
    return { number, close: () => void closed.push(number) }
  }
  return { open, closed, opened: () => opened }
}
const never = new AbortController().signal

describe('lanes', () => {
  test('hand out at most their number, in the order of asking, and reuse sound sessions', async () => {
    const { open, opened } = counted()
    const lanes = createLanes(2, open)
    const [first, second] = await Promise.all([lanes.take(never), lanes.take(never)])
    const order: string[] = []
    const noted = async (name: string) => {
      const session = await lanes.take(never)
      order.push(name)
      return session
    }
    const third = noted('third')
    const fourth = noted('fourth')
    lanes.give(second, true)
    expect((await third).number).toBe(2)
    lanes.give(first, true)
    expect((await fourth).number).toBe(1)
    expect(order).toEqual(['third', 'fourth'])
    expect(opened()).toBe(2)
  })

  test('serve those who wait in turn, each in the order of asking', async () => {
    const lanes = createLanes(1, counted().open)
    let session = await lanes.take(never, 'ann')
    const order: string[] = []
    const gone = new AbortController()
    const ask = (name: string, who: string, signal = never) =>
      lanes.take(signal, who).then((got) => {
        session = got
        order.push(name)
      })
    const asked = [ask('ann 1', 'ann'), ask('ann 2', 'ann'), ask('ann 3', 'ann'), ask('bob 1', 'bob'), ask('cid 1', 'cid', gone.signal), ask('bob 2', 'bob')]
    gone.abort(new Error('gone'))
    await expect(asked[4]).rejects.toThrow('gone')
    for (let served = 0; served < 5; served++) {
      lanes.give(session, true)
      await expect.poll(() => order.length).toBe(served + 1)
    }
    expect(order).toEqual(['ann 1', 'bob 1', 'ann 2', 'bob 2', 'ann 3'])
  })

  test('close a session that failed and open another', async () => {
    const { open, closed } = counted()
    const lanes = createLanes(1, open)
    const first = await lanes.take(never)
    const waiting = lanes.take(never)
    lanes.give(first, false)
    expect((await waiting).number).toBe(2)
    expect(closed).toEqual([1])
  })

  test('let a waiter go when it is aborted, and give its place to the next', async () => {
    const lanes = createLanes(1, counted().open)
    const first = await lanes.take(never)
    const controller = new AbortController()
    const aborted = lanes.take(controller.signal)
    const next = lanes.take(never)
    controller.abort(new Error('gone'))
    await expect(aborted).rejects.toThrow('gone')
    await expect(lanes.take(controller.signal)).rejects.toThrow('gone')
    lanes.give(first, true)
    expect((await next).number).toBe(1)
  })

  test('keep their places when a session cannot be opened', async () => {
    let fails = true
    const lanes = createLanes(1, () => {
      if (fails) throw new Error('no session')
      return { close: () => {} }
    })
    await expect(lanes.take(never)).rejects.toThrow('no session')
    fails = false
    await lanes.take(never)
  })

  test('turn to the next who waits when a session cannot be opened', async () => {
    let opened = 0
    const lanes = createLanes(1, () => {
      if (++opened === 2) throw new Error('no session')
      return { close: () => {} }
    })
    const session = await lanes.take(never)
    const refused = expect(lanes.take(never)).rejects.toThrow('no session')
    const next = lanes.take(never)
    lanes.give(session, false)
    await refused
    await next
    expect(opened).toBe(3)
  })

  test('drain: waiters are refused, the busy ones are awaited, all are closed', async () => {
    const { open, closed } = counted()
    const lanes = createLanes(2, open)
    const [first, second] = await Promise.all([lanes.take(never), lanes.take(never)])
    lanes.give(second, true)
    const third = await lanes.take(never)
    const waiting = lanes.take(never)
    const refused = expect(waiting).rejects.toThrow('closed')
    let over = false
    const drained = lanes.drain().then(() => {
      over = true
    })
    await refused
    await expect(lanes.take(never)).rejects.toThrow('closed')
    lanes.give(first, true)
    await Promise.resolve()
    expect(over).toBe(false)
    lanes.give(third, false)
    await drained
    expect(closed.sort()).toEqual([1, 2])
  })
})
