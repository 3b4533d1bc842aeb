/** Prompts, resources and completions of a connection, in the plain shapes of the protocol: who is offered which, the call budget, errors mapped. Knows no SDK; writes no text of its own. */
import { z } from 'zod'
import { complete, completed, type Completion, noCompletion } from '../catalog/completion.ts'
import { type Catalog, type Narrowing, offersOf } from '../catalog/offer.ts'
import type { PromptDefinition } from '../catalog/prompts/define.ts'
import { accountArgument, type ListedPrompt, listPrompt, offeredPrompts, type PromptOffer, promptText } from '../catalog/prompts/offer.ts'
import { completeTemplate, type ListedResource, type ListedTemplate, listResources, listTemplates, readResource, type ResourceText } from '../catalog/resources.ts'
import { type BuiltViews, listView, viewAt, viewNames, viewText } from '../catalog/views.ts'
import type { Principal } from '../core/access.ts'
import type { Clock } from '../core/clock.ts'
import { MercatError, toMercatError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { clip, inline, nearest } from '../core/text.ts'
import { inTurnOf } from '../core/turn.ts'
import type { CallBudget } from '../domain/audit/index.ts'
import type { BindServices } from '../domain/index.ts'

const name = z.string()
/** What may come with each request. Arguments of a prompt are looked at one by one, to say what is wrong with them. */
export const guideParams = {
  prompt: z.object({ name, arguments: z.record(z.string(), z.unknown()).nullish() }),
  resource: z.object({ uri: z.string() }),
  completion: z.object({
    ref: z.discriminatedUnion('type', [z.object({ type: z.literal('ref/prompt'), name }), z.object({ type: z.literal('ref/resource'), uri: z.string() })]),
    argument: z.object({ name, value: z.string() }),
    context: z.object({ arguments: z.record(z.string(), z.unknown()).optional() }).optional(),
  }),
}
type CompletionRequest = z.output<typeof guideParams.completion>

export type PromptMessages = { readonly description: string; readonly messages: { readonly role: 'user'; readonly content: { readonly type: 'text'; readonly text: string } }[] }

/** Of one connection. What is asked for by name costs like a call. All throw MercatError only: `not_found` for what is unknown or not offered here, `invalid_arguments`, `rate_limited`. */
export interface Guides {
  readonly listPrompts: () => { prompts: ListedPrompt[] }
  readonly getPrompt: (params: z.output<typeof guideParams.prompt>) => Promise<PromptMessages>
  readonly listResources: () => { resources: ListedResource[] }
  readonly listTemplates: () => { resourceTemplates: ListedTemplate[] }
  readonly readResource: (params: z.output<typeof guideParams.resource>) => Promise<{ contents: ResourceText[] }>
  readonly complete: (params: CompletionRequest) => Promise<{ completion: Completion }>
}

export interface GuideOptions {
  readonly catalog: Catalog
  readonly prompts: readonly PromptDefinition[]
  readonly views: BuiltViews
  readonly services: BindServices
  readonly budget: CallBudget
  readonly log: Logger
  readonly clock: Clock
}

export type GuidesOf = (principals: readonly Principal[], narrowing: Narrowing) => Guides

export function createGuides({ catalog, prompts, views, services, budget, log, clock }: GuideOptions): GuidesOf {
  return (principals, narrowing) => {
    const several = principals.length > 1
    const offers = () => offeredPrompts(prompts, catalog, principals, narrowing)
    const named = (account: unknown) => principals.find((principal) => principal.account.systemName === account)

    function offerOf(name: string): PromptOffer {
      const all = offers()
      const found = all.find(({ prompt }) => prompt.name === name)
      if (found) return found
      const close = nearest(
        clip(name, 64),
        all.map(({ prompt }) => prompt.name),
      )
      throw new MercatError(
        'not_found',
        `Unknown prompt: ${inline(clip(name, 64))}`,
        close.length ? { nearest: close } : { hint: 'Call prompts/list for the prompts of this connection.' },
      )
    }

    /** Those of the tools offered here, as far as they are built. */
    function offeredViews() {
      const used = new Set(offersOf(catalog, principals, narrowing).map(({ entry }) => entry.tool.view))
      return viewNames.filter((view) => used.has(view) && views.has(view))
    }

    async function read(uri: string): Promise<ResourceText> {
      const view = viewAt(uri)
      const html = view && offeredViews().includes(view) ? views.get(view) : undefined
      return view && html !== undefined ? viewText(view, html) : await readResource(uri, principals, services)
    }

    /** Charged before anything is looked at; what names no account of the connection counts for the first. */
    async function charged<Answer>(method: string, given: Readonly<Record<string, unknown>> | null | undefined, work: () => Answer | Promise<Answer>): Promise<Answer> {
      try {
        const caller = (several ? named(given?.[accountArgument]) : undefined) ?? principals[0]
        if (!caller) throw new Error('A request came to the protocol without a principal')
        await budget.spend(caller)
        return await inTurnOf(caller.userId, async () => await work())
      } catch (error) {
        throw toMercatError(error, log, { method })
      }
    }

    async function completePrompt({ prompt, accounts }: PromptOffer, { argument: { name, value: typed }, context }: CompletionRequest): Promise<Completion> {
      if (several && name === accountArgument) return completed(accounts, typed)
      const argument = Object.hasOwn(prompt.arguments, name) ? prompt.arguments[name] : undefined
      if (!argument) {
        const allowed = listPrompt({ prompt }, several).arguments.map((one) => one.name)
        throw new MercatError('invalid_arguments', `The prompt ${prompt.name} takes no argument ${JSON.stringify(inline(clip(name, 64)))}`, { allowed })
      }
      // Until the account is chosen there is nothing to complete from: a guess could show the names of another one.
      const principal = several ? named(context?.arguments?.[accountArgument]) : principals[0]
      if (!argument.complete || !principal || !accounts.includes(principal.account.systemName)) return noCompletion
      return await complete(argument.complete, { services: services(principal), principal, now: clock(), typed })
    }

    return {
      listPrompts: () => ({ prompts: offers().map((offer) => listPrompt(offer, several)) }),
      getPrompt: ({ name, arguments: given }) =>
        charged('prompts/get', given, () => {
          const offer = offerOf(name)
          const text = promptText(offer, given ?? {}, several, catalog.prefix)
          return { description: offer.prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] }
        }),
      listResources: () => ({ resources: [...listResources(principals), ...offeredViews().map(listView)] }),
      listTemplates: () => ({ resourceTemplates: listTemplates(principals) }),
      readResource: ({ uri }) => charged('resources/read', undefined, async () => ({ contents: [await read(uri)] })),
      complete: (params) =>
        charged('completion/complete', params.context?.arguments, async () => {
          const { ref, argument } = params
          return {
            completion:
              ref.type === 'ref/prompt' ? await completePrompt(offerOf(ref.name), params) : await completeTemplate(ref.uri, argument.name, argument.value, principals, services),
          }
        }),
    }
  }
}
