import { create, isMessage, type JsonObject, type MessageInitShape } from '@bufbuild/protobuf';
import { LensSchema, NumberForm, type Lens, type PromptSchema } from '../generated/stratalens/v1/lens_pb.js';
import { AnalyzeRequestSchema, type AnalyzeRequest } from '../generated/stratalens/v1/lens_service_pb.js';
import { columnOf, type StatisticName } from '../result/columns.js';
import { siteOf, type SiteName } from '../result/read-point.js';
import { rangeMessages, type Indexes } from './indexes.js';
import { requireNames } from './option-names.js';
import { targetMessage, type WantedTarget } from './target.js';

/** A chat, which the model's own template renders. */
export interface Chat {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** Whether the opening of the model's own turn comes last; true unless set. */
  readonly generationPrompt?: boolean;
  /** Further variables of the template, such as `{ enable_thinking: false }`. */
  readonly templateArguments?: JsonObject;
}

/** A text, vocabulary ids, or a chat. */
export type WantedPrompt = string | readonly number[] | Chat;

/** What to compute for a prompt. */
export interface Asked {
  /** Name of a served model. Needed if the server serves several. */
  readonly model?: string;
  /** `logit` (the default), `raw` (without the final norm), or names of fitted lenses of the model. */
  readonly lenses?: readonly string[];
  /** Blocks to read; all unless set. */
  readonly layers?: Indexes;
  /** Token positions to read; all unless set. The model always reads the whole prompt. */
  readonly positions?: Indexes;
  /** Where to read; `block-output` unless set. */
  readonly sites?: readonly SiteName[];
  /** Whether to read at all sites that the blocks have, and at the embedding. */
  readonly allSites?: boolean;
  /** Whether the prompt is computed in a pass of its own, so that the same request gives the same bits again. */
  readonly alone?: boolean;
  /** The rule that chooses the predictions after the best; the most likely tokens unless set. */
  readonly candidates?: RequestFields['candidates'];
  /** Predictions per cell, 1 .. 100; 5 unless set. */
  readonly topK?: number;
  /** Tokens whose rank and log-probability are wanted in every cell. */
  readonly targets?: readonly WantedTarget[];
  /** Columns of the cells; log-sum-exp, entropy and kl-from-final unless set. */
  readonly statistics?: readonly StatisticName[];
  /** Whether tokens are followed over the layers (the default), or the least peak probability of those that are. */
  readonly trajectories?: boolean | number;
  /** Whether to compute how much each part of the model writes toward the logit of each target. */
  readonly attribution?: boolean;
  /** Changes to the forward pass, as the contract's messages. */
  readonly interventions?: RequestFields['interventions'];
  /** Metrics of the changed and the unchanged pass, and whether to send the unchanged result, too. */
  readonly effect?: RequestFields['effect'];
  /** Whether numbers come as float32, as computed; they come as codes with an error of at most 0.0005 (1 + x) unless set. */
  readonly exact?: boolean;
  /** Whether the tokenizer adds its special tokens to a text (the default). */
  readonly specialTokens?: boolean;
  /** An id that the server's answer and log repeat, at most 128 bytes. */
  readonly requestId?: string;
  /** Fields of the contract's message for which there is no name here. They replace what the names say. */
  readonly also?: RequestFields;
}

/** Fields of the contract's request. */
export type RequestFields = Exclude<MessageInitShape<typeof AnalyzeRequestSchema>, AnalyzeRequest>;

const DEFAULT_STATISTICS: readonly StatisticName[] = ['log-sum-exp', 'entropy', 'kl-from-final'];
const DEFAULT_TOP_K = 5;

/**
 * Makes a request.
 *
 * @throws RangeError for a site or statistic that does not exist
 * @throws TypeError for a prompt, target or list that is none, and for an option that does not exist
 */
export function ask(prompt: WantedPrompt, asked: Asked = {}): AnalyzeRequest {
  requireNames(asked);
  const trajectories = asked.trajectories ?? true;
  return create(AnalyzeRequestSchema, {
    prompt: promptMessage(prompt, asked.specialTokens ?? true),
    ...(asked.model === undefined ? {} : { model: asked.model }),
    lenses: listed('lenses', asked.lenses).map(lensMessage),
    layers: rangeMessages(asked.layers),
    positions: rangeMessages(asked.positions),
    sites: listed('sites', asked.sites).map(siteOf),
    allSites: asked.allSites ?? false,
    alone: asked.alone ?? false,
    ...(asked.candidates === undefined ? {} : { candidates: asked.candidates }),
    topK: asked.topK ?? DEFAULT_TOP_K,
    targets: listed('targets', asked.targets).map(targetMessage),
    statistics: listed('statistics', asked.statistics ?? DEFAULT_STATISTICS).map((name) => columnOf(name).statistic),
    ...(trajectories === false ? {} : { trajectories: trajectories === true ? {} : { minPeakProbability: trajectories } }),
    ...(asked.attribution ? { attribution: {} } : {}),
    ...(asked.interventions === undefined ? {} : { interventions: asked.interventions }),
    ...(asked.effect === undefined ? {} : { effect: asked.effect }),
    numberForm: asked.exact ? NumberForm.FLOAT32 : NumberForm.COMPACT,
    requestId: asked.requestId ?? '',
    ...asked.also,
  });
}

/** The contract's message of a prompt. */
export function promptMessage(prompt: WantedPrompt, specialTokens = true): MessageInitShape<typeof PromptSchema> {
  if (typeof prompt === 'string') return { form: { case: 'text', value: prompt }, omitSpecialTokens: !specialTokens };
  if (isIds(prompt)) return { form: { case: 'tokenIds', value: { ids: [...prompt] } } };
  if (!Array.isArray((prompt as Chat | undefined)?.messages)) {
    throw new TypeError(`the prompt is ${String(prompt)}; give a text, an array of vocabulary ids, or a chat: { messages: [{ role, content }] }`);
  }
  return {
    form: {
      case: 'chat',
      value: {
        messages: [...prompt.messages],
        omitGenerationPrompt: !(prompt.generationPrompt ?? true),
        ...(prompt.templateArguments === undefined ? {} : { templateArguments: prompt.templateArguments }),
      },
    },
  };
}

/** A lens by its name: `logit`, `raw`, or that of a fitted one. */
export function lensMessage(name: string): Lens {
  if (name === 'logit') return create(LensSchema, { kind: { case: 'logit', value: {} } });
  if (name === 'raw') return create(LensSchema, { kind: { case: 'raw', value: {} } });
  return create(LensSchema, { kind: { case: 'transport', value: { name } } });
}

function isIds(prompt: readonly number[] | Chat): prompt is readonly number[] {
  return Array.isArray(prompt);
}

/** A request that `ask` made. @throws TypeError for anything else, such as a prompt */
export function requireRequest(request: AnalyzeRequest): AnalyzeRequest {
  if (isMessage(request, AnalyzeRequestSchema)) return request;
  throw new TypeError(`${JSON.stringify(request)} is no request; make one of a prompt with ask(prompt)`);
}

function listed<T>(name: string, values: readonly T[] = []): readonly T[] {
  if (Array.isArray(values)) return values;
  throw new TypeError(`${name} is ${JSON.stringify(values)}; give an array`);
}
