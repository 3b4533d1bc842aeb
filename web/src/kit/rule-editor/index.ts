/** Rules over customers: to edit, to read, and how many they hold for. */
export { AudienceFigures } from './audience-figures.tsx'
export { AudiencePanel } from './audience-panel.tsx'
export { useLiveRule } from './live.ts'
export { operatorWords } from './operators.ts'
export { RuleEditor } from './rule-editor.tsx'
export { RuleView, Sentence } from './rule-view.tsx'
export type { AudienceSize, Predicate, Vocabulary } from './types.ts'
