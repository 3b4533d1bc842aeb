/** What of the conformance suite does not pass, and why. The test fails when one of these begins to pass, so that a fix takes it from the list, and when anything else does not pass. */

export const revisions = ['2026-07-28', '2025-11-25'] as const
export type Revision = (typeof revisions)[number]

export interface Exception {
  readonly revision: Revision
  readonly scenario: string
  /** The id of one check; without it the scenario as a whole. */
  readonly check?: string
  readonly reason: string
}

const noPush =
  'The server would have to call the client in the middle of a call. The client would answer by a POST of its own, and a connection without sessions cannot tell which call that belongs to. ' +
  'Nothing in Mercat asks back; 2026-07-28 has a way that needs no session, and those scenarios pass.'
const noResumption =
  'Not required: a stream that broke off cannot be taken up again without a session; the client repeats its call, and nothing that Mercat offers harms by being repeated.'

/** Required by the revision. */
export const expectedFailures: readonly Exception[] = [
  { revision: '2025-11-25', scenario: 'tools-call-sampling', check: 'tools-call-sampling', reason: noPush },
  { revision: '2025-11-25', scenario: 'tools-call-elicitation', check: 'tools-call-elicitation', reason: noPush },
  { revision: '2025-11-25', scenario: 'elicitation-sep1034-defaults', check: 'elicitation-sep1034-general', reason: noPush },
  { revision: '2025-11-25', scenario: 'elicitation-sep1330-enums', check: 'elicitation-sep1330-general', reason: noPush },
  {
    revision: '2025-11-25',
    scenario: 'server-sse-multiple-streams',
    check: 'server-sse-multiple-streams-session',
    reason: 'A warning: the scenario looks at streams of one session, and there are no sessions.',
  },
]

/** Run by the suite, not required by the revision (its extensions and pending scenarios). */
export const notRequired: readonly Exception[] = [
  {
    revision: '2026-07-28',
    scenario: 'http-custom-header-server-validation',
    reason: 'Not required: it wants a tool whose arguments are repeated in headers (x-mcp-header), and Mercat has none.',
  },
  ...revisions.map((revision) => ({
    revision,
    scenario: 'json-schema-2020-12',
    reason: 'Not required: it wants a tool with a schema written by hand ($anchor, if/then/else); schemas of Mercat are made from Zod objects and need none of that.',
  })),
  { revision: '2025-11-25', scenario: 'server-sse-polling', reason: noResumption },
]
