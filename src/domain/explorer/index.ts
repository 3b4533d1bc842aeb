/** The explorer as the rest of the house uses it. */
export { scopeOfType, scopesOfTypes } from './access.ts'
export { getEntityOutput, listEntitiesOutput, type OpenedEntity, searchCatalogOutput } from './answer.ts'
export { getEntityInput, listEntitiesInput, searchCatalogInput } from './arguments.ts'
export { fitDefinition } from './fit-definition.ts'
export { cutList } from './list.ts'
export { cutSearch } from './search.ts'
export { createExplorer, type ExplorerService } from './service.ts'
export { entityText, listText, searchText } from './text.ts'
