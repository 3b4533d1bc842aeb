/** Predicate trees as the rest of the house uses them. */
export {
  conditionSchema,
  mostDepth,
  mostNodes,
  operators,
  type AttributePredicate,
  type Condition,
  type DidNotPredicate,
  type DidPredicate,
  type Operator,
  type Predicate,
  type Scalar,
  type Within,
} from './tree.ts'
export { groupOf, pathText, predicateSchema, type Group } from './schema.ts'
export { explain, type Explanation, type ShownNames } from './explain.ts'
export { understand } from './understand.ts'
export { type Behaviour, builtInAttributes, type DeclaredAttribute, operatorsOf, type Term, type ValueType, type Vocabulary, vocabularyOf } from './vocabulary.ts'
export { mostEnglish, parseEnglish } from './english/parse.ts'
export { parseTrigger } from './english/trigger.ts'
export type { English, EnglishContext, EnglishTrigger, NamedField, NotUnderstood, Understood } from './english/types.ts'
