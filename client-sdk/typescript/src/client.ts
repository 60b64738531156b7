import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { SweepAssembler } from './assembly/sweep-assembler.js';
import { outcomesOf, type Outcome } from './batch.js';
import type { AskedOnce, CallOptions, Transport } from './call/transport.js';
import { LensError } from './errors.js';
import { GenerateRequestSchema, LensService, SweepRequestSchema, type AnalyzeRequest } from './generated/stratalens/v1/lens_service_pb.js';
import { ModelService, type ModelStatus } from './generated/stratalens/v1/model_service_pb.js';
import { ServerService, type GetServerInfoResponse } from './generated/stratalens/v1/server_service_pb.js';
import { GenerationStream } from './generation-stream.js';
import { generationMessage, type Generation } from './request/generation.js';
import { ask, requireRequest, type Asked, type WantedPrompt } from './request/request.js';
import type { Requests } from './request-source.js';
import type { LensResult } from './result/result.js';
import type { SweepResult } from './result/sweep.js';
import { LensStream, type StreamOptions } from './stream.js';

/** What to compute for a prompt, and how the call is made and read. */
export interface AnalyzeOptions extends Asked, CallOptions, StreamOptions {}

/** What to read of a generation, how tokens are chosen, and how the call is made and read. */
export interface GenerateOptions extends AnalyzeOptions, Generation {}

/**
 * Asks a server; `connect` makes one. Any number of calls may run at a time. A call that the server refuses before it begins is
 * made again, up to three times, after the pause that the server asks for; batches are not. Every failure of a call is a
 * LensError.
 */
export class LensClient {
  /** How calls reach the server. */
  readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /** Asks for a prompt and waits for the complete result. */
  async analyze(prompt: WantedPrompt, options: AnalyzeOptions = {}): Promise<LensResult> {
    return this.stream(prompt, options).result();
  }

  /** Asks for a prompt and gives its layers as they come. */
  stream(prompt: WantedPrompt, options: AnalyzeOptions = {}): LensStream {
    return this.streamOf(ask(prompt, options), options);
  }

  /** As `stream`, for a request. */
  streamOf(request: AnalyzeRequest, options: CallOptions & StreamOptions = {}): LensStream {
    const call = (signal: AbortSignal) => this.transport.call(LensService.method.analyze, request, { ...options, signal });
    return new LensStream(requireRequest(request), call, options);
  }

  /**
   * Sends many requests, which `ask` makes, and gives their outcomes as they complete, in any order. A request that fails is an
   * outcome with an error, and the batch goes on. If the batch itself breaks, a LensError names the requests without an outcome.
   * Leaving the loop early cancels the work on the server. Over gRPC-Web it takes a few calls at a time.
   */
  batch(requests: Requests, options: CallOptions = {}): AsyncGenerator<Outcome> {
    return outcomesOf(this.transport, requests, options);
  }

  /**
   * Generates text, and gives each new token as the model makes it; `result()` has the whole generation.
   *
   * @param options what is read, and how tokens are chosen and the call is made; the best token, at most 64 of them, unless set
   */
  generate(prompt: WantedPrompt, options: GenerateOptions = {}): GenerationStream {
    const request = create(GenerateRequestSchema, { request: ask(prompt, options), options: generationMessage(options) });
    const call = (signal: AbortSignal) => this.transport.call(LensService.method.generate, request, { ...options, signal });
    return new GenerationStream(request, call, options);
  }

  /** Applies an intervention at each block and position of a grid on its own, and waits for all values. */
  async sweep(request: MessageInitShape<typeof SweepRequestSchema>, options: CallOptions = {}): Promise<SweepResult> {
    const assembler = new SweepAssembler();
    for await (const { events } of this.transport.call(LensService.method.sweep, create(SweepRequestSchema, request), options)) {
      for (const event of events) assembler.add(event);
    }
    return assembler.finish();
  }

  /** What the server is, what it can do, and every limit that it has. */
  async serverInfo(options: CallOptions = {}): Promise<GetServerInfoResponse> {
    return only(this.call(ServerService.method.getServerInfo, {}, options));
  }

  /** The served models, in order of name. */
  async models(options: CallOptions = {}): Promise<ModelStatus[]> {
    const models: ModelStatus[] = [];
    for (let pageToken: string | undefined; ;) {
      const page = await only(this.call(ModelService.method.listModels, pageToken === undefined ? {} : { pageToken }, options));
      models.push(...page.models);
      if (page.nextPageToken === undefined) return models;
      pageToken = page.nextPageToken;
    }
  }

  /**
   * Makes a call of the contract that has no function here, and gives its answers: those of a stream, or one. Leaving the loop early
   * cancels the call.
   *
   * @example
   * const request = { prompt: promptMessage('The capital of France is') };
   * for await (const { chunk } of client.call(contract.ModelService.method.tokenize, request)) console.log(chunk?.tokenIds);
   */
  call<I extends DescMessage, O extends DescMessage>(
    method: AskedOnce<I, O>, request: MessageInitShape<I>, options: CallOptions = {}): AsyncIterable<MessageShape<O>> {
    return this.transport.call(method, create(method.input, request), options);
  }

  /** Closes the connection. Calls that run end with a LensError. */
  close(): void {
    this.transport.close();
  }
}

async function only<T>(answers: AsyncIterable<T>): Promise<T> {
  for await (const answer of answers) return answer;
  throw new LensError('BROKEN_STREAM', 'The server ended the call without an answer.');
}
