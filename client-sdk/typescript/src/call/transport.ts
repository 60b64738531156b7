import type { DescMessage, DescMethodBiDiStreaming, DescMethodServerStreaming, DescMethodUnary, MessageShape } from '@bufbuild/protobuf';

/** A method that is asked once, and answers once or with a stream. */
export type AskedOnce<I extends DescMessage, O extends DescMessage> = DescMethodUnary<I, O> | DescMethodServerStreaming<I, O>;

/** How one call is made. */
export interface CallOptions {
  /** Cancels the call, on the server too. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline, in milliseconds from now; none unless set. */
  readonly timeoutMs?: number | undefined;
}

/** A call whose requests are sent one by one while its responses are read. */
export interface Exchange<I, O> {
  send(request: I): void;
  /** Nothing more will be sent. */
  end(): void;
  /** Responses, once. Leaving the loop early cancels the call. */
  readonly responses: AsyncIterable<O>;
  cancel(): void;
}

/** How calls reach a server. Failures are LensErrors. */
export interface Transport {
  /** Makes a call, and gives its responses. Leaving the loop early cancels it. */
  call<I extends DescMessage, O extends DescMessage>(
    method: AskedOnce<I, O>, request: MessageShape<I>, options: CallOptions): AsyncIterable<MessageShape<O>>;

  /** Begins a call of a method with streams on both sides; undefined where the way to the server has none. */
  readonly exchange: (<I extends DescMessage, O extends DescMessage>(
    method: DescMethodBiDiStreaming<I, O>, options: CallOptions) => Exchange<MessageShape<I>, MessageShape<O>>) | undefined;

  close(): void;
}

/** The path of a method in HTTP. */
export function pathOf(method: { readonly name: string; readonly parent: { readonly typeName: string } }): string {
  return `/${method.parent.typeName}/${method.name}`;
}
