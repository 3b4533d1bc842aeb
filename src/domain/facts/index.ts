/** Daily facts as the rest of the house uses them. */
export { customerNumber } from './audience.ts'
export { endedLoads, failLoad, finishLoading, forgetLoads, livingLoads, startLoad } from './loads-repository.ts'
export { withRefreshLock } from './locks-repository.ts'
export { currentFacts, currentNumbers, factsSnapshot, type FactFamily, type FactsSnapshot } from './read.ts'
export { recount, recoverLoads, refreshFacts, type RefreshOptions, type RefreshResult, staleAccounts } from './refresh.ts'
export { countedBy, isStale } from './settings.ts'
