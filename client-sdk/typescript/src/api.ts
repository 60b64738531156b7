export type { Outcome, Requests } from './batch.js';
export type { CallOptions, Exchange, Transport } from './call/transport.js';
export { LensClient, type AnalyzeOptions } from './client.js';
export { LensError, type ErrorCode, type ErrorFacts } from './errors.js';
export type { Keys } from './keys.js';
export type { Index, Indexes } from './request/indexes.js';
export { ask, type Asked, type Chat, type RequestFields, type WantedPrompt } from './request/request.js';
export { FINAL_TOP, NEXT_TOKEN, type WantedTarget } from './request/target.js';
export { Attribution } from './result/attribution.js';
export { COLUMNS, type Column, type StatisticName } from './result/columns.js';
export { Grid } from './result/grid.js';
export { Info, type TargetInfo } from './result/info.js';
export { Layer, type LayerArrays } from './result/layer.js';
export { layerPoint, SITES, type ReadPoint, type SiteName } from './result/read-point.js';
export { LensResult, LensView, type Tracked } from './result/result.js';
export { display, probability, type Prediction, type PromptToken, type Token } from './result/token.js';
export { LensStream, type StreamOptions } from './stream.js';
/** The code generated from the contract. */
export * as contract from './contract.js';
