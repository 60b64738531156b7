import { createRegistry, fromBinary, type Message } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { LensError, type ErrorCode } from '../errors.js';
import { ErrorInfoSchema, file_google_rpc_error_details, RetryInfoSchema, type ErrorInfo, type RetryInfo } from '../generated/google/rpc/error_details_pb.js';
import { StatusSchema, type Status } from '../generated/google/rpc/status_pb.js';
import { file_stratalens_v1_errors } from '../generated/stratalens/v1/errors_pb.js';
import { StatusCode } from './status-code.js';
import { inWords } from './transport-words.js';

const DOMAIN = 'stratalens.dev';

const DETAILS = createRegistry(file_stratalens_v1_errors, file_google_rpc_error_details);

const BY_REASON: Readonly<Record<string, ErrorCode>> = {
  UNKNOWN_MODEL: 'UNKNOWN_MODEL',
  UNSUPPORTED_ARCHITECTURE: 'UNSUPPORTED_ARCHITECTURE',
  NOT_AVAILABLE: 'NOT_AVAILABLE',
  INVALID_CHECKPOINT: 'INVALID_CHECKPOINT',
  MODEL_SOURCE_UNAVAILABLE: 'MODEL_SOURCE',
  INVALID_FIELD: 'INVALID_REQUEST',
  PROMPT_TOO_LONG: 'PROMPT_TOO_LONG',
  MEMORY_LIMIT_EXCEEDED: 'MEMORY_LIMIT',
  MODEL_MEMORY_EXCEEDED: 'MODEL_MEMORY',
  MODEL_IN_USE: 'MODEL_IN_USE',
  MANAGEMENT_DISABLED: 'NOT_ALLOWED',
  QUEUE_FULL: 'QUEUE_FULL',
  DEADLINE_TOO_SHORT: 'DEADLINE_TOO_SHORT',
  QUOTA_EXCEEDED: 'QUOTA_EXCEEDED',
  READER_TOO_SLOW: 'READER_TOO_SLOW',
  SERVER_STOPPING: 'UNAVAILABLE',
  INTERNAL_FAULT: 'INTERNAL',
  CANCELLED: 'CANCELLED',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  NOT_ALLOWED: 'NOT_ALLOWED',
};

/** Where no reason says more: proxies, other servers, newer ones, and gRPC itself. */
const BY_STATUS: Readonly<Partial<Record<number, ErrorCode>>> = {
  [StatusCode.CANCELLED]: 'CANCELLED',
  [StatusCode.INVALID_ARGUMENT]: 'INVALID_REQUEST',
  [StatusCode.DEADLINE_EXCEEDED]: 'DEADLINE_EXCEEDED',
  [StatusCode.NOT_FOUND]: 'REFUSED',
  [StatusCode.ALREADY_EXISTS]: 'REFUSED',
  [StatusCode.PERMISSION_DENIED]: 'NOT_ALLOWED',
  [StatusCode.RESOURCE_EXHAUSTED]: 'LIMIT_EXCEEDED',
  [StatusCode.FAILED_PRECONDITION]: 'REFUSED',
  [StatusCode.ABORTED]: 'UNAVAILABLE',
  [StatusCode.OUT_OF_RANGE]: 'INVALID_REQUEST',
  [StatusCode.UNIMPLEMENTED]: 'NOT_AVAILABLE',
  [StatusCode.UNAVAILABLE]: 'UNAVAILABLE',
  [StatusCode.DATA_LOSS]: 'BROKEN_STREAM',
  [StatusCode.UNAUTHENTICATED]: 'UNAUTHENTICATED',
};

/** A status as a call ends with it. */
export interface CallStatus {
  readonly code: number;
  readonly message: string;
  /** A google.rpc.Status, as its bytes. */
  readonly details?: Uint8Array | undefined;
  readonly cause?: unknown;
}

/** The failure of a call. */
export function failureOf(status: CallStatus): LensError {
  return readStatus(status.code, status.message, detailsOf(status), status.cause);
}

/** The failure of one prompt of a batch. */
export function promptFailureOf(status: Status): LensError {
  return readStatus(status.code, status.message, unpacked(status), undefined);
}

/** The one place where a status with its details becomes a LensError. */
function readStatus(status: number, said: string, details: readonly Message[], cause: unknown): LensError {
  let code: ErrorCode | undefined;
  let detail: Message | undefined;
  let retryAfterMs: number | undefined;
  for (const each of details) {
    if (each.$typeName === ErrorInfoSchema.typeName) {
      const { domain, reason } = each as ErrorInfo;
      if (domain === DOMAIN) code = BY_REASON[reason];
    } else if (each.$typeName === RetryInfoSchema.typeName) {
      const delay = (each as RetryInfo).retryDelay;
      retryAfterMs = delay === undefined ? undefined : Number(delay.seconds) * 1000 + delay.nanos / 1e6;
    } else {
      detail ??= each;
    }
  }
  if (code !== undefined) return new LensError(code, said, { detail, retryAfterMs, cause });
  return new LensError(BY_STATUS[status] ?? 'INTERNAL', inWords(status, said), { detail, retryAfterMs, cause });
}

function detailsOf({ details }: CallStatus): Message[] {
  if (details === undefined) return [];
  try {
    return unpacked(fromBinary(StatusSchema, details));
  } catch {
    return []; // not a status: the code and its words remain
  }
}

/** Details of a type that this client knows. */
function unpacked(status: Status): Message[] {
  return status.details.flatMap((any) => {
    try {
      return anyUnpack(any, DETAILS) ?? [];
    } catch {
      return [];
    }
  });
}
