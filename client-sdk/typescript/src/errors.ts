import type { Message } from '@bufbuild/protobuf';
import type { ModelMemoryExceeded } from './generated/stratalens/v1/errors_pb.js';

/** What went wrong, with the names of the Java client. More may be added: keep a branch for others. */
export type ErrorCode =
  /** No served model has the name. */
  | 'UNKNOWN_MODEL'
  /** The server does not know the checkpoint's family. */
  | 'UNSUPPORTED_ARCHITECTURE'
  /** The contract has room for what was asked, but this server does not compute it; ask without it. */
  | 'NOT_AVAILABLE'
  /** The model's files could not be fetched; retry if the error is retryable. */
  | 'MODEL_SOURCE'
  /** The model's files cannot be used; repair its directory. */
  | 'INVALID_CHECKPOINT'
  /** The server refuses the request as it is; change it. */
  | 'INVALID_REQUEST'
  /** The prompt has more tokens than the model's context. */
  | 'PROMPT_TOO_LONG'
  /** The request needs more memory than the server grants; ask for fewer layers or positions. */
  | 'MEMORY_LIMIT'
  /** The model does not fit into the server's memory beside those in use; retry if the error is retryable. */
  | 'MODEL_MEMORY'
  /** The model cannot be unloaded while requests hold it; retry later or wait longer. */
  | 'MODEL_IN_USE'
  /** The server, or a proxy before it, wants a key, or another one than it got. */
  | 'UNAUTHENTICATED'
  /** The server, or a proxy before it, does not let its caller do this. */
  | 'NOT_ALLOWED'
  /** Too many requests wait; retry later. */
  | 'QUEUE_FULL'
  /** Too many requests are ahead for the deadline; retry, or allow more time. */
  | 'DEADLINE_TOO_SHORT'
  /** The caller used up one of its limits, or asks for more than that. */
  | 'QUOTA_EXCEEDED'
  /** The stream was not read for longer in total than the server waits. */
  | 'READER_TOO_SLOW'
  /** A limit that is none of the above, of a proxy, of gRPC itself, or of a newer server. */
  | 'LIMIT_EXCEEDED'
  /** Refused for a reason that this client does not know; the message says it. */
  | 'REFUSED'
  /** The server cannot be reached or is stopping; retry. */
  | 'UNAVAILABLE'
  /** The deadline passed. Give the call more time, or ask for less. */
  | 'DEADLINE_EXCEEDED'
  /** The call was canceled. */
  | 'CANCELLED'
  /** What came contradicts the contract or ended before it was complete; never a short result. */
  | 'BROKEN_STREAM'
  /** A fault of the server or of a proxy; a server's message carries an id that its log repeats. */
  | 'INTERNAL';

const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['QUEUE_FULL', 'DEADLINE_TOO_SHORT', 'UNAVAILABLE', 'MODEL_MEMORY', 'MODEL_IN_USE']);

/** What is known of a failure beside its code and message. */
export interface ErrorFacts {
  /** The typed detail of the contract; its `$typeName` says which. Undefined if the server sent none that this client knows. */
  readonly detail?: Message | undefined;
  /** After how many milliseconds the same request may succeed; undefined if the server did not say. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** A call that failed. The message says what was given, what is allowed and what to do. */
export class LensError extends Error {
  readonly code: ErrorCode;
  readonly detail: Message | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, { cause: facts.cause });
    this.name = 'LensError';
    this.code = code;
    this.detail = facts.detail;
    this.retryAfterMs = facts.retryAfterMs;
  }

  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    if (this.retryAfterMs !== undefined) return true;
    const memory = this.detail?.$typeName === 'stratalens.v1.ModelMemoryExceeded' ? (this.detail as ModelMemoryExceeded) : undefined;
    return RETRYABLE.has(this.code) && !(memory !== undefined && memory.neededBytes > memory.budgetBytes);
  }
}
