package stratalens

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	v1 "stratalens.dev/go/stratalensv1"
)

// Code says what went wrong. More may be added: keep a branch for others.
type Code string

// Codes, as those of the Java client.
const (
	// CodeUnknownModel: no served model has the name.
	CodeUnknownModel Code = "UNKNOWN_MODEL"
	// CodeUnsupportedArchitecture: the server does not know the checkpoint's family.
	CodeUnsupportedArchitecture Code = "UNSUPPORTED_ARCHITECTURE"
	// CodeNotAvailable: the contract has room for what was asked, but this server does not compute it; ask without it.
	CodeNotAvailable Code = "NOT_AVAILABLE"
	// CodeModelSource: the model's files could not be fetched; retry if the error is retryable.
	CodeModelSource Code = "MODEL_SOURCE"
	// CodeInvalidCheckpoint: the model's files cannot be used; repair its directory.
	CodeInvalidCheckpoint Code = "INVALID_CHECKPOINT"
	// CodeInvalidRequest: the server refuses the request as it is; change it.
	CodeInvalidRequest Code = "INVALID_REQUEST"
	// CodePromptTooLong: the prompt has more tokens than the model's context.
	CodePromptTooLong Code = "PROMPT_TOO_LONG"
	// CodeMemoryLimit: the request needs more memory than the server grants; ask for fewer layers or positions.
	CodeMemoryLimit Code = "MEMORY_LIMIT"
	// CodeModelMemory: the model does not fit into the server's memory beside those in use; retry if the error is retryable.
	CodeModelMemory Code = "MODEL_MEMORY"
	// CodeModelInUse: the model cannot be unloaded while requests hold it; retry later or wait longer.
	CodeModelInUse Code = "MODEL_IN_USE"
	// CodeUnauthenticated: the server, or a proxy before it, wants a key, or another one than it got.
	CodeUnauthenticated Code = "UNAUTHENTICATED"
	// CodeNotAllowed: the server, or a proxy before it, does not let its caller do this.
	CodeNotAllowed Code = "NOT_ALLOWED"
	// CodeQueueFull: too many requests wait; retry later.
	CodeQueueFull Code = "QUEUE_FULL"
	// CodeDeadlineTooShort: too many requests are ahead for the deadline; retry, or allow more time.
	CodeDeadlineTooShort Code = "DEADLINE_TOO_SHORT"
	// CodeQuotaExceeded: the caller used up one of its limits, or asks for more than that.
	CodeQuotaExceeded Code = "QUOTA_EXCEEDED"
	// CodeReaderTooSlow: the stream was not read for longer in total than the server waits.
	CodeReaderTooSlow Code = "READER_TOO_SLOW"
	// CodeLimitExceeded: a limit that is none of the above, of a proxy, of gRPC itself, or of a newer server.
	CodeLimitExceeded Code = "LIMIT_EXCEEDED"
	// CodeRefused: refused for a reason that this client does not know; the message says it.
	CodeRefused Code = "REFUSED"
	// CodeUnavailable: the server cannot be reached or is stopping; retry.
	CodeUnavailable Code = "UNAVAILABLE"
	// CodeDeadlineExceeded: the deadline passed. Give the call more time, or ask for less.
	CodeDeadlineExceeded Code = "DEADLINE_EXCEEDED"
	// CodeCanceled: the call was canceled.
	CodeCanceled Code = "CANCELLED"
	// CodeBrokenStream: what came contradicts the contract or ended before it was complete; never a short result.
	CodeBrokenStream Code = "BROKEN_STREAM"
	// CodeInternal: a fault of the server or of a proxy; a server's message carries an id that its log repeats.
	CodeInternal Code = "INTERNAL"
)

// Error is a call that failed.
type Error struct {
	Code Code
	// Message says what was given, what is allowed and what to do.
	Message string
	// Detail is the typed detail of the contract, such as *stratalensv1.PromptTooLong; nil if the server sent none that this client
	// knows.
	Detail proto.Message
	// RetryAfter is the time after which the same request may succeed; 0 if the server did not say.
	RetryAfter time.Duration

	cause error
}

func (e *Error) Error() string {
	return e.Message
}

// Unwrap gives the status of gRPC, if a call brought the error.
func (e *Error) Unwrap() error {
	return e.cause
}

// Is makes errors.Is work with the errors of contexts.
func (e *Error) Is(target error) bool {
	return (target == context.Canceled && e.Code == CodeCanceled) ||
		(target == context.DeadlineExceeded && e.Code == CodeDeadlineExceeded)
}

// Retryable says whether the same request may succeed later.
func (e *Error) Retryable() bool {
	if e.RetryAfter > 0 {
		return true
	}
	switch e.Code {
	case CodeQueueFull, CodeDeadlineTooShort, CodeUnavailable, CodeModelInUse:
		return true
	case CodeModelMemory:
		memory, known := e.Detail.(*v1.ModelMemoryExceeded)
		return !known || memory.NeededBytes <= memory.BudgetBytes
	default:
		return false
	}
}
