/** The terminal side of a command: results on stdout, remarks and progress on stderr, questions. The only file of the CLI that touches the process's streams. */
import { stdin, stderr, stdout } from 'node:process'
import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'

/** How far a step is, as a command reports it. */
export interface ProgressStep {
  label: string
  done: number
  of?: number | undefined
  unit?: string | undefined
}

/** Where a command's words go; the terminal here, or a client of the running server. */
export interface Io {
  readonly print: (text: string) => void
  readonly note: (text: string) => void
  readonly progress: (step: ProgressStep) => void
  readonly ask: (question: string, secret: boolean) => Promise<string>
  /** Ends a progress line that is being redrawn, and stops reading stdin. */
  readonly close: () => void
}

const clearLine = '\r\u001B[K'
const redrawEvery = 100
const lineEvery = 5000

export function terminalIo(): Io {
  const meter = createMeter(stderr.isTTY === true, (text) => stderr.write(text))
  const questions = createQuestions(() => meter.clear())
  for (const stream of [stdout, stderr]) stream.on('error', passOverGone)
  return {
    print: (text) => {
      meter.clear()
      stdout.write(`${text}\n`)
    },
    note: (text) => {
      meter.clear()
      stderr.write(`${text}\n`)
    },
    progress: meter.show,
    ask: questions.ask,
    close: () => {
      meter.clear()
      questions.close()
    },
  }
}

/** A reader that has seen enough (`| head`) closes its end. The command goes on all the same: what it does is more than what it says. */
function passOverGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** Draws progress: in place on a terminal, otherwise a line every few seconds and one at the end of each step. Exported for its test. */
export function createMeter(
  redraw: boolean,
  write: (text: string) => void,
  now: () => number = () => performance.now(),
): { show: (step: ProgressStep) => void; clear: () => void } {
  let current: { label: string; startedAt: number; first: number; shownAt: number } | undefined
  let drawn = false
  return {
    show: (step) => {
      const time = now()
      const finished = step.done === step.of
      if (current?.label !== step.label) current = { label: step.label, startedAt: time, first: step.done, shownAt: redraw ? -Infinity : time }
      const { startedAt, first, shownAt } = current
      const due = isDue(redraw, finished, time - shownAt)
      if (finished) current = undefined
      if (!due) return
      if (current) current.shownAt = time
      const seconds = (time - startedAt) / 1000
      const line = progressLine(step, seconds > 0.5 ? (step.done - first) / seconds : undefined)
      write(`${redraw ? clearLine : ''}${line}${redraw && !finished ? '' : '\n'}`)
      drawn = redraw && !finished
    },
    clear: () => {
      if (drawn) write(clearLine)
      drawn = false
    },
  }
}

/** On a terminal a finished step stays as a line; in a log, a step of a moment is not worth one. */
function isDue(redraw: boolean, finished: boolean, sinceShown: number): boolean {
  if (redraw) return finished || sinceShown >= redrawEvery
  return sinceShown >= (finished ? 1000 : lineEvery)
}

function progressLine({ label, done, of, unit }: ProgressStep, rate: number | undefined): string {
  const count = (value: number) => Math.round(value).toLocaleString('en-US')
  const counted = of === undefined ? count(done) : `${count(done)} of ${count(of)}`
  const share = of ? ` (${Math.floor((100 * done) / of)} %)` : ''
  return `${label}: ${counted}${unit ? ` ${unit}` : ''}${share}${rate && unit ? `, ${count(rate)} ${unit}/s` : ''}`
}

/** Questions at the terminal; without one, answers are the lines of stdin, so that a script can pipe a password in instead of writing it in argv. */
function createQuestions(before: () => void): { ask: (question: string, secret: boolean) => Promise<string>; close: () => void } {
  let lines: AsyncIterator<string> | undefined
  let reader: Interface | undefined
  return {
    ask: async (question, secret) => {
      before()
      if (stdin.isTTY) return await askTerminal(question, secret)
      reader ??= createInterface({ input: stdin, terminal: false })
      lines ??= reader[Symbol.asyncIterator]()
      const next = await lines.next()
      if (next.done) throw new Error(`No answer to “${question}”: there is no terminal, and stdin has ended. Pipe the answer in, one a line.`)
      return next.value
    },
    close: () => {
      reader?.close()
      stdin.unref?.()
    },
  }
}

function askTerminal(question: string, secret: boolean): Promise<string> {
  return new Promise((answered, stopped) => {
    stderr.write(`${question.replace(/[:\s]*$/, '')}: `)
    // readline echoes to its output; a secret is not to be seen or kept in the scroll-back.
    const output = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr
    const reader = createInterface({ input: stdin, output, terminal: true })
    let answer: string | undefined
    reader.once('line', (line) => {
      answer = line
      reader.close()
    })
    reader.once('close', () => {
      if (secret) stderr.write('\n')
      if (answer === undefined) stopped(new Error('Stopped at a question.'))
      else answered(answer)
    })
  })
}
