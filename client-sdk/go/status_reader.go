package stratalens

import (
	"regexp"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	rpc "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// domain is that of the reasons of Stratalens servers.
const domain = "stratalens.dev"

var codeOfReason = map[string]Code{
	"UNKNOWN_MODEL":            CodeUnknownModel,
	"UNSUPPORTED_ARCHITECTURE": CodeUnsupportedArchitecture,
	"NOT_AVAILABLE":            CodeNotAvailable,
	"INVALID_CHECKPOINT":       CodeInvalidCheckpoint,
	"MODEL_SOURCE_UNAVAILABLE": CodeModelSource,
	"INVALID_FIELD":            CodeInvalidRequest,
	"PROMPT_TOO_LONG":          CodePromptTooLong,
	"MEMORY_LIMIT_EXCEEDED":    CodeMemoryLimit,
	"MODEL_MEMORY_EXCEEDED":    CodeModelMemory,
	"MODEL_IN_USE":             CodeModelInUse,
	"MANAGEMENT_DISABLED":      CodeNotAllowed,
	"QUEUE_FULL":               CodeQueueFull,
	"DEADLINE_TOO_SHORT":       CodeDeadlineTooShort,
	"QUOTA_EXCEEDED":           CodeQuotaExceeded,
	"READER_TOO_SLOW":          CodeReaderTooSlow,
	"SERVER_STOPPING":          CodeUnavailable,
	"INTERNAL_FAULT":           CodeInternal,
	"CANCELLED":                CodeCanceled,
	"UNAUTHENTICATED":          CodeUnauthenticated,
	"NOT_ALLOWED":              CodeNotAllowed,
}

// Where no reason says more: proxies, other servers, newer ones, and gRPC itself.
var codeOfStatus = map[codes.Code]Code{
	codes.InvalidArgument:    CodeInvalidRequest,
	codes.OutOfRange:         CodeInvalidRequest,
	codes.Unauthenticated:    CodeUnauthenticated,
	codes.PermissionDenied:   CodeNotAllowed,
	codes.ResourceExhausted:  CodeLimitExceeded,
	codes.NotFound:           CodeRefused,
	codes.FailedPrecondition: CodeRefused,
	codes.AlreadyExists:      CodeRefused,
	codes.Unimplemented:      CodeNotAvailable,
	codes.Unavailable:        CodeUnavailable,
	codes.Aborted:            CodeUnavailable,
	codes.DeadlineExceeded:   CodeDeadlineExceeded,
	codes.Canceled:           CodeCanceled,
	codes.DataLoss:           CodeBrokenStream,
}

// What gRPC says where a message is no protocol buffer.
var unreadable = regexp.MustCompile("failed to unmarshal")

// What gRPC says where a request is no protocol buffer.
var unsendable = regexp.MustCompile(`^grpc: error while marshaling: (?:proto: )?(.*)`)

// failureOf makes an error of gRPC one of this package; nil stays nil.
func failureOf(err error) error {
	if err == nil {
		return nil
	}
	converted := status.Convert(err)
	failure := readStatus(converted.Proto())
	if said := unsendable.FindStringSubmatch(converted.Message()); said != nil {
		failure = cannotBeSent(said[1])
	}
	failure.cause = err
	return failure
}

func cannotBeSent(because string) *Error {
	return &Error{
		Code:    CodeInvalidRequest,
		Message: "The request cannot be sent: " + because + ". Give texts in UTF-8, and every field a value of its type.",
	}
}

// readStatus is the one place where a status with its details becomes an Error.
func readStatus(wire *rpc.Status) *Error {
	failure := &Error{}
	for _, packed := range wire.Details {
		detail, err := packed.UnmarshalNew()
		if err != nil {
			continue // of a newer server; the code and the message remain
		}
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if detail.Domain == domain {
				failure.Code = codeOfReason[detail.Reason]
			}
		case *errdetails.RetryInfo:
			failure.RetryAfter = detail.RetryDelay.AsDuration()
		default:
			failure.Detail = detail
		}
	}
	failure.Message = wire.Message
	if failure.Code == "" && unreadable.MatchString(wire.Message) {
		failure.Code = CodeBrokenStream
		failure.Message = "The server's answer is no message that can be read. Check that client and server are of the same version."
	} else if failure.Code == "" {
		code := codes.Code(wire.Code)
		failure.Code = codeOfStatus[code]
		if failure.Code == "" {
			failure.Code = CodeInternal
		}
		failure.Message = inWords(code, wire.Message)
	}
	return failure
}
