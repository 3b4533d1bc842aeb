/**
 * Ingest as the rest of the house uses it.
 *
 * Fast way in for rows the engine can make itself (the demo): `normalisingInsert(kind, raw)` around any SELECT that yields `line` and `f_<field>` (String) or `t_<field>`
 * (DateTime64(3, 'UTC')), run with `analytics.command(sql, { ...normalisingParams(account, loadId, now), ...yours }, insertSettings)`; then `ensureCampaigns`, `finishLoading`, `refreshFacts`.
 */
export { type CanonicalResult, insertCanonical } from './canonical.ts'
export { type FileResult, importFiles, type ImportOptions, type ImportProgress, type ImportResult } from './import.ts'
export { type Kind, kindNames, kinds, type StoredKind } from './kinds/index.ts'
export { insertSettings, normalisingInsert, normalisingParams, type RawSelect } from './sql/normalise.ts'
