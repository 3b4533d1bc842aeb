/** Knowledge as the rest of the house uses it. */
export { addDocuments, type AddResult, type DocumentSource, hasHadDocuments, listSources, removeDocuments } from './add.ts'
export { cutPage, cutPassages, getDocInput, getDocOutput, listDocsInput, searchDocsInput, searchDocsOutput, stepsOf } from './answer.ts'
export { type DocumentFile, documentPath, limits as documentLimits } from './document.ts'
export { createKnowledge, type KnowledgeService } from './service.ts'
export { pageText, passagesText } from './text.ts'
