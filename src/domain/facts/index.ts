/** Daily facts as the rest of the house uses them. */
export { currentFacts, factsSnapshot, type FactFamily, type FactsSnapshot } from './read.ts'
