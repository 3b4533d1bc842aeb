/** Answers and errors of tools as results of the protocol, alike whether a call answers at once or its task later. Knows no SDK. */
import { describeError, type MercatError } from '../core/errors.ts'

export function answerResult({ text, structured }: { readonly text: string; readonly structured: Record<string, unknown> }) {
  return { content: [{ type: 'text' as const, text }], structuredContent: structured }
}

/** An answer that a view shows: the view names the account, which the answer itself names only where a connection reaches several. */
export function viewedResult(answer: { readonly account: string; readonly text: string; readonly structured: Record<string, unknown> }) {
  return { ...answerResult(answer), _meta: { 'mercat/account': answer.account } }
}

/** Bad input and refusals are results that the model can read and mend. */
export function errorResult(error: MercatError) {
  return { isError: true, content: [{ type: 'text' as const, text: describeError(error) }], _meta: { 'mercat/error': errorData(error) } }
}

/** The same as the sentence, for programs. */
export function errorData({ code, details }: MercatError): Record<string, unknown> {
  return { code, ...details }
}
