/** The dashboard's API as hooks, typed by the server's own endpoints. The only place that fetches. */
import { keepPreviousData, QueryClient, useInfiniteQuery, useMutation, type UseMutationResult, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import type { Area, ErrorCode, ErrorDetails, Input, Named, Output } from './server.ts'
import { askToSignInAgain } from './sign-in-again.ts'

/** What the server refused, in its own words; `message` is a sentence for people. */
export class ApiError extends Error {
  /** `offline`: there was no answer, or none of Mercat's. */
  readonly code: ErrorCode | 'offline'
  readonly details: ErrorDetails
  constructor(code: ErrorCode | 'offline', message: string, details: ErrorDetails = {}) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.details = details
  }
}

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiError
  }
}

/** Reading again can help only where the fault is the network's or the server's. */
const mayPass = new Set<ApiError['code']>(['offline', 'unavailable', 'deadline_exceeded'])

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: (failures, error) => failures < 2 && mayPass.has(error.code), staleTime: 15_000, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})

/** Where a person goes to sign in, and comes back from. */
export function signInUrl(again = false): string {
  return `/sign-in?${again ? 'again=1&' : ''}return_to=${encodeURIComponent(location.pathname + location.search)}`
}

let leaving = false
// A page that the browser kept whole is shown again by its "back".
addEventListener('pageshow', () => (leaving = false))

/** Leaves this page for another address, once: when several answers say so at the same time the first counts, for a second navigation would break off the first. */
function leave(go: () => void): Promise<never> {
  if (!leaving) go()
  leaving = true
  // Nothing more is to be drawn on a page that is being left.
  return new Promise(() => {})
}

async function request(area: string, name: string, input: unknown, options: { csrf?: string; signal?: AbortSignal | undefined }): Promise<unknown> {
  const response = await fetch(`/api/${area}/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...(options.csrf === undefined ? {} : { 'x-mercat-csrf': options.csrf }) },
    body: JSON.stringify(input),
    signal: options.signal ?? null,
  }).catch((error: unknown) => {
    if (options.signal?.aborted) throw error
    throw new ApiError('offline', 'Mercat does not answer. Check the connection, or whether the server runs.')
  })
  const answer = (await response.json().catch(() => undefined)) as { error?: { code: ErrorCode; message: string } & ErrorDetails } | undefined
  if (response.ok && answer !== undefined) return answer
  if (response.status === 401) return await leave(() => location.assign(signInUrl()))
  const { code, message, ...details } = answer?.error ?? { code: 'offline' as const, message: `Mercat answered with status ${response.status}. Try again in a moment.` }
  throw new ApiError(code, message, details)
}

interface ReadOptions {
  /** Asks again every so many milliseconds while the page is visible. */
  readonly every?: number
  /** False: does not ask yet. */
  readonly enabled?: boolean
  /** Other input: what was shown stays until the new is here. */
  readonly keep?: boolean
}

/** Reads from the API and stays fresh: `const { data, error, isPending, refetch } = useApi('apps', 'list', { account })`. */
export function useApi<A extends Area, N extends Named<A, 'query'>>(area: A, name: N, input: Input<A, N>, options: ReadOptions = {}): UseQueryResult<Output<A, N>, ApiError> {
  return useQuery({ ...queryOf(area, name, input), ...readOptions(options) })
}

function readOptions({ every, enabled, keep = false }: ReadOptions) {
  return {
    ...(every === undefined ? {} : { refetchInterval: every }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  }
}

type PagesOptions = Pick<ReadOptions, 'every' | 'keep'>

/** Reads a list page by page, the next one by `fetchNextPage()`: `data.pages` are the answers so far. For endpoints that take a `cursor` and answer with `nextCursor`. */
export function usePages<A extends Area, N extends Named<A, 'query'>>(area: A, name: N, input: Input<A, N>, { every, keep = false }: PagesOptions = {}) {
  return useInfiniteQuery({
    queryKey: [area, name, input, 'pages'],
    queryFn: ({ pageParam, signal }) =>
      request(area, name, { ...(input as object), ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }) as Promise<Output<A, N> & { nextCursor: string | null }>,
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    ...readOptions(every === undefined ? {} : { every }),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  })
}

/** One read as TanStack Query knows it; for `fetchQuery`. */
export function queryOf<A extends Area, N extends Named<A, 'query'>>(area: A, name: N, input: Input<A, N>) {
  return { queryKey: [area, name, input] as const, queryFn: ({ signal }: { signal: AbortSignal }) => request(area, name, input, { signal }) as Promise<Output<A, N>> }
}

/** Changes something: `const disconnect = useChange('apps', 'disconnect'); disconnect.mutate({ account, id })`. Everything shown is read again after it; a change that `signsOut` goes to the sign-in. */
export function useChange<A extends Area, N extends Named<A, 'mutation'>>(area: A, name: N, { signsOut = false } = {}): UseMutationResult<Output<A, N>, ApiError, Input<A, N>> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input<A, N>) => change(client, area, name, input),
    onError: (error) => {
      if (error.code === 'sign_in_again') askToSignInAgain()
    },
    // Nothing is read again where this browser was signed out: there is nobody left to read it for.
    onSuccess: () => (signsOut ? leave(() => location.assign('/sign-in')) : client.invalidateQueries()),
  })
}

async function change<A extends Area, N extends Named<A, 'mutation'>>(client: QueryClient, area: A, name: N, input: Input<A, N>): Promise<Output<A, N>> {
  const session = await client.ensureQueryData(queryOf('session', 'current', {}))
  const send = async (csrf: string) => (await request(area, name, input, { csrf })) as Output<A, N>
  try {
    return await send(session.csrf)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'cross_site') throw error
    // Somebody has signed in anew in another tab: the session has another token now.
    const now = await client.fetchQuery({ ...queryOf('session', 'current', {}), staleTime: 0 })
    if (now.user.id === session.user.id) return await send(now.csrf)
    // Another person: what this page shows and offers is not theirs, and the change must not be made in their name.
    return await leave(() => location.reload())
  }
}

/** The address of a file that the API gives: for the `href` of a link with `download`. */
export function downloadUrl<A extends Area, N extends Named<A, 'download'>>(area: A, name: N, input: Input<A, N>): string {
  const given = Object.entries(input as Record<string, unknown>).filter(([, value]) => value !== undefined)
  return `/api/${area}/${name}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()}`
}
